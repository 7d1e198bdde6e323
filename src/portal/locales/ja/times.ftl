## 日時
moment = { $moment }（{ $zone }）
ago-now = たった今
ago-minutes = { $count }分前
ago-hours = { $count }時間前
ago-days = { $count }日前
lasting-seconds = { $count }秒
lasting-minutes = { $count }分
lasting-hours = { $count }時間
