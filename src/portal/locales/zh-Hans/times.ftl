## 时间
moment = { $moment }（{ $zone }）
ago-now = 刚刚
ago-minutes = { $count } 分钟前
ago-hours = { $count } 小时前
ago-days = { $count } 天前
lasting-seconds = { $count } 秒
lasting-minutes = { $count } 分钟
lasting-hours = { $count } 小时
