## 시간
moment = { $moment } ({ $zone })
ago-now = 방금
ago-minutes = { $count }분 전
ago-hours = { $count }시간 전
ago-days = { $count }일 전
lasting-seconds = { $count }초
lasting-minutes = { $count }분
lasting-hours = { $count }시간
