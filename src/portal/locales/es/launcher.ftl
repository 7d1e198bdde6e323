## Aplicaciones
launcher-title = Sus aplicaciones
launcher-empty = Todavía no tiene acceso a ninguna aplicación. Su administrador puede dárselo.
launcher-change-password = Cambiar contraseña
launcher-change-pattern = Cambiar patrón
