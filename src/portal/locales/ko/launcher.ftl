## 런처
launcher-title = 내 앱
launcher-empty = 아직 사용할 수 있는 앱이 없습니다. 관리자가 사용 권한을 부여하면 여기에 표시됩니다.
launcher-change-password = 비밀번호 변경
launcher-change-pattern = 패턴 변경
