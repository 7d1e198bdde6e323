## Launcher
launcher-title = Your apps
launcher-empty = There is no app that you may open yet. Your administrator can give you access to one.
launcher-change-password = Change password
launcher-change-pattern = Change pattern
