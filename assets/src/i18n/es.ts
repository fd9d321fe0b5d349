// The catalogue in Spanish.
import { admin } from "./es/admin";
import { common } from "./es/common";
import { listening } from "./es/listening";
import { music } from "./es/music";
import { device } from "./es/device";
import { own } from "./es/own";
import { playback } from "./es/playback";

export default { ...common, ...listening, ...music, ...playback, ...own, ...device, ...admin };
