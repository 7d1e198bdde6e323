## Launcher
launcher-title = Vos applications
launcher-empty = Aucune application ne vous est encore accessible. Votre administrateur peut vous donner accès à l’une d’elles.
launcher-change-password = Changer le mot de passe
launcher-change-pattern = Changer le schéma
