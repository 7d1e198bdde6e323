## 每个页面的框架
frame-skip = 跳到正文
frame-nav = 主菜单
frame-apps = 应用
frame-sign-out = 退出登录
frame-language = 语言
