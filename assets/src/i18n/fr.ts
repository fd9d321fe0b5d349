// The catalogue in French.
import { admin } from "./fr/admin";
import { common } from "./fr/common";
import { listening } from "./fr/listening";
import { music } from "./fr/music";
import { device } from "./fr/device";
import { own } from "./fr/own";
import { playback } from "./fr/playback";

export default { ...common, ...listening, ...music, ...playback, ...own, ...device, ...admin };
