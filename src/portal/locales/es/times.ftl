## Fechas y horas
moment = { $moment } { $zone }
ago-now = ahora mismo
ago-minutes = { $count ->
    [one] hace { $count } minuto
   *[other] hace { $count } minutos
}
ago-hours = { $count ->
    [one] hace { $count } hora
   *[other] hace { $count } horas
}
ago-days = { $count ->
    [one] hace { $count } día
   *[other] hace { $count } días
}
lasting-seconds = { $count ->
    [one] { $count } segundo
   *[other] { $count } segundos
}
lasting-minutes = { $count ->
    [one] { $count } minuto
   *[other] { $count } minutos
}
lasting-hours = { $count ->
    [one] { $count } hora
   *[other] { $count } horas
}
