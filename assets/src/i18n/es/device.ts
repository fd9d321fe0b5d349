// This device, in Spanish.
import type { device as english } from "../en/device";

export const device: Record<keyof typeof english, string> = {
  "offline.title": "En este dispositivo",
  "offline.save": "Guardar en este dispositivo",
  "offline.remove": "Quitar de este dispositivo",
  "offline.removed": "{n} canción quitada de este dispositivo|{n} canciones quitadas de este dispositivo",
  "offline.done": "{n} canción guardada en este dispositivo|{n} canciones guardadas en este dispositivo",
  "offline.empty": "Aún no hay nada guardado: elige «Guardar en este dispositivo» en el menú de un álbum, una lista o una canción.",
  "offline.browse": "Ver álbumes",
  "offline.sum": "{tracks}, {size}",
  "offline.saving": "Guardando: {done} hechas, {left} pendientes",
  "offline.insecure": "Guardar música e instalar el reproductor solo funciona por HTTPS, o en el propio servidor: los navegadores no lo permiten en direcciones simples. Todo lo demás funciona aquí también, incluida la reproducción sin pausas.",
  "offline.all": "Quitar todo",
  "appkey.title": "Una clave para una aplicación",
  "appkey.text": "Abre la aplicación, elige Subsonic, OpenSubsonic o Navidrome como tipo de servidor y copia en ella estos tres datos.",
  "appkey.once": "La clave abre esta cuenta a quien la tenga. Se muestra solo esta vez: al salir de esta página desaparece.",
};
