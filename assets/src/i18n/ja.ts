// The catalogue in Japanese.
import { admin } from "./ja/admin";
import { common } from "./ja/common";
import { listening } from "./ja/listening";
import { music } from "./ja/music";
import { device } from "./ja/device";
import { own } from "./ja/own";
import { playback } from "./ja/playback";

export default { ...common, ...listening, ...music, ...playback, ...own, ...device, ...admin };
