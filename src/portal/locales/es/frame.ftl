## El marco de todas las páginas
frame-skip = Saltar al contenido
frame-nav = Menú principal
frame-apps = Aplicaciones
frame-sign-out = Cerrar sesión
frame-language = Idioma
