## Launcher
launcher-title = 您的應用程式
launcher-empty = 目前沒有您可以開啟的應用程式。管理員開放使用權限後，就會顯示在這裡。
launcher-change-password = 變更密碼
launcher-change-pattern = 變更圖形
