## Cerrar sesión
sign-out-title = Cerrar sesión
sign-out-here-what = Se cerrará su sesión en todas las aplicaciones de este navegador.
sign-out-here = Cerrar sesión
sign-out-everywhere-what = { $count ->
    [one] También tiene la sesión iniciada en otro dispositivo o navegador.
   *[other] También tiene la sesión iniciada en otros { $count } dispositivos o navegadores.
}
sign-out-everywhere = Cerrar sesión en todas partes
sign-out-stay = Mantener la sesión
signed-out-title = Sesión cerrada
signed-out-of-app = Se ha cerrado su sesión en { $app }. Sus demás aplicaciones siguen abiertas.
signed-out-here = Se ha cerrado su sesión en todas las aplicaciones de este navegador.
signed-out-everywhere = Se ha cerrado su sesión en todos los dispositivos y navegadores.
signed-out-hint = Si otras personas también usan este equipo, cierre ahora el navegador.
signed-out-there-what = Puede que su sesión en { $provider } siga abierta.
signed-out-there = Cerrar la sesión en { $provider }
signed-out-again = Volver a iniciar sesión
signed-out-another = Iniciar sesión como otro usuario
continue-title = Un momento
continue-what = Abriendo { $app }. Si no ocurre nada, pulse Continuar.
continue-go = Continuar
