## The frame of every page
frame-skip = Aller au contenu
frame-nav = Menu principal
frame-apps = Applications
frame-sign-out = Se déconnecter
frame-language = Langue
