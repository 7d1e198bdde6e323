## Times
moment = { $moment }（{ $zone }）
ago-now = 剛剛
ago-minutes = { $count } 分鐘前
ago-hours = { $count } 小時前
ago-days = { $count } 天前
lasting-seconds = { $count } 秒
lasting-minutes = { $count } 分鐘
lasting-hours = { $count } 小時
