## Launcher
launcher-title = Your apps
launcher-empty = There is no app that you may open yet. Your administrator can open one to you.
