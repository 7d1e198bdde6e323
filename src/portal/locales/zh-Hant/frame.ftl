## The frame of every page
frame-skip = 跳至內容
frame-nav = 主選單
frame-apps = 應用程式
frame-sign-out = 登出
frame-language = 語言
