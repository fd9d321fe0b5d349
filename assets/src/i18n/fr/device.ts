// This device, in French.
import type { device as english } from "../en/device";

export const device: Record<keyof typeof english, string> = {
  "offline.title": "Sur cet appareil",
  "offline.save": "Enregistrer sur cet appareil",
  "offline.remove": "Retirer de cet appareil",
  "offline.removed": "{n} titre retiré de cet appareil|{n} titres retirés de cet appareil",
  "offline.done": "{n} titre enregistré sur cet appareil|{n} titres enregistrés sur cet appareil",
  "offline.empty": "Rien n’est encore enregistré : choisissez « Enregistrer sur cet appareil » dans le menu d’un album, d’une playlist ou d’un titre.",
  "offline.browse": "Parcourir les albums",
  "offline.sum": "{tracks}, {size}",
  "offline.saving": "Enregistrement : {done} faits, {left} restants",
  "offline.insecure": "Enregistrer de la musique et installer le lecteur n’est possible qu’en HTTPS, ou sur le serveur lui-même : les navigateurs l’interdisent sur les adresses simples. Tout le reste fonctionne ici aussi, y compris la lecture sans blanc.",
  "offline.all": "Tout retirer",
  "appkey.title": "Une clé pour une application",
  "appkey.text": "Ouvrez l’application, choisissez Subsonic, OpenSubsonic ou Navidrome comme type de serveur et copiez-y ces trois valeurs.",
  "appkey.once": "La clé ouvre ce compte à quiconque la possède. Elle n’est montrée qu’une fois : en quittant cette page, elle disparaît.",
};
