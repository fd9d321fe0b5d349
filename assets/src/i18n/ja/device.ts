// This device, in Japanese.
import type { device as english } from "../en/device";

export const device: Record<keyof typeof english, string> = {
  "offline.title": "この端末",
  "offline.save": "この端末に保存",
  "offline.remove": "この端末から削除",
  "offline.removed": "{n}曲をこの端末から削除しました",
  "offline.done": "{n}曲をこの端末に保存しました",
  "offline.empty": "保存した曲はまだありません。アルバム、プレイリスト、曲のメニューから「この端末に保存」を選んでください。",
  "offline.browse": "アルバムを見る",
  "offline.sum": "{tracks}、{size}",
  "offline.saving": "保存中：{done}曲完了、残り{left}曲",
  "offline.insecure": "曲の保存とプレーヤーのインストールは、HTTPSまたはサーバー本体でのみ利用できます。通常のアドレスではブラウザーが許可していません。ギャップレス再生を含め、それ以外はここでも使えます。",
  "offline.all": "すべて削除",
  "appkey.title": "アプリ用のキー",
  "appkey.text": "アプリを開き、サーバーの種類としてSubsonic、OpenSubsonic、またはNavidromeを選び、次の3つをコピーしてください。",
  "appkey.once": "このキーを持つ人は誰でもこのアカウントを使えます。表示されるのは今回だけです。このページを離れると消えます。",
};
