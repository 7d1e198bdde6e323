## 모든 페이지의 틀
frame-skip = 본문으로 건너뛰기
frame-nav = 주 메뉴
frame-apps = 앱
frame-sign-out = 로그아웃
frame-language = 언어
