// This device, in English.
export const device = {
  "offline.title": "On this device",
  "offline.save": "Save on this device",
  "offline.remove": "Remove from this device",
  "offline.removed": "{n} track removed from this device|{n} tracks removed from this device",
  "offline.done": "{n} track saved on this device|{n} tracks saved on this device",
  "offline.empty": "Nothing is saved yet: choose “Save on this device” in the menu of an album, a playlist or a track.",
  "offline.browse": "Browse albums",
  "offline.sum": "{tracks}, {size}",
  "offline.saving": "Saving: {done} done, {left} to go",
  "offline.insecure": "Saving music and installing the player work only over HTTPS, or on the server itself: browsers do not allow them on plain addresses. Everything else works here too, gapless playing included.",
  "offline.all": "Remove everything",
  "appkey.title": "A key for an app",
  "appkey.text": "Open the app, choose Subsonic, OpenSubsonic or Navidrome as the kind of server, and copy these three into it.",
  "appkey.once": "The key opens this account for whoever has it. It is shown this once: when this page is left it is gone.",
};
