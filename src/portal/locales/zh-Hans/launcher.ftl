## 应用列表
launcher-title = 您的应用
launcher-empty = 目前没有您可以打开的应用。管理员可以为您开通。
launcher-change-password = 更改密码
launcher-change-pattern = 更改图案
