// The catalogue in German.
import { admin } from "./de/admin";
import { common } from "./de/common";
import { listening } from "./de/listening";
import { music } from "./de/music";
import { device } from "./de/device";
import { own } from "./de/own";
import { playback } from "./de/playback";

export default { ...common, ...listening, ...music, ...playback, ...own, ...device, ...admin };
