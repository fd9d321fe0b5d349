// This device, in German.
import type { device as english } from "../en/device";

export const device: Record<keyof typeof english, string> = {
  "offline.title": "Auf diesem Gerät",
  "offline.save": "Auf diesem Gerät speichern",
  "offline.remove": "Von diesem Gerät entfernen",
  "offline.removed": "{n} Titel von diesem Gerät entfernt|{n} Titel von diesem Gerät entfernt",
  "offline.done": "{n} Titel auf diesem Gerät gespeichert|{n} Titel auf diesem Gerät gespeichert",
  "offline.empty": "Noch ist nichts gespeichert: „Auf diesem Gerät speichern“ steht im Menü von Alben, Playlists und Titeln.",
  "offline.browse": "Alben ansehen",
  "offline.sum": "{tracks}, {size}",
  "offline.saving": "Wird gespeichert: {done} fertig, {left} übrig",
  "offline.insecure": "Musik speichern und den Player installieren geht nur über HTTPS oder auf dem Server selbst: Browser erlauben es auf einfachen Adressen nicht. Alles andere geht auch hier, auch lückenloses Abspielen.",
  "offline.all": "Alles entfernen",
  "appkey.title": "Ein Schlüssel für eine App",
  "appkey.text": "Öffnen Sie die App, wählen Sie Subsonic, OpenSubsonic oder Navidrome als Art des Servers und kopieren Sie diese drei Angaben hinein.",
  "appkey.once": "Der Schlüssel öffnet dieses Konto für jeden, der ihn hat. Er wird nur dieses eine Mal gezeigt: Wird die Seite verlassen, ist er fort.",
};
