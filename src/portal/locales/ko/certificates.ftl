## 내 인증서: 받는 페이지와 설치 방법
account-certificates = 인증서
own-certificates-what = 본인, 소속 그룹 또는 모든 사용자에게 발급된 인증서입니다. 기기에 설치하면 인증서를 요구하는 앱을 열 수 있습니다.
own-certificates-passphrase = 인증서를 설치할 때 필요한 암호 구문은 이 페이지에 표시되지 않습니다. 관리자가 다른 방법으로 전달합니다.
own-certificates-help = 기기별 설치 방법
own-certificates-none = 발급된 인증서가 없습니다. 앱에서 인증서를 요구하면 관리자에게 문의해 주세요.
own-certificate-counts = 유효
own-certificate-not-yet = 아직 유효하지 않음
own-certificate-ended = 만료됨
own-certificate-disabled = 사용 중지됨
own-certificate-revoked = 폐기됨
own-certificate-first-day = 시작일
own-certificate-last-day = 종료일
own-certificate-group = 대상 그룹
own-certificate-whose = 대상
own-certificate-anybody = 모든 사용자
own-certificate-p12 = 모든 기기용 다운로드(.p12)
own-certificate-profile = iPhone, iPad, Mac용 다운로드(.mobileconfig)
own-certificate-pem = 인증서 다운로드(.pem)
notice-certificate-ends =
    { $count ->
        [0] 사용 중인 인증서가 오늘 만료됩니다. 관리자에게 새 인증서를 요청해 주세요.
       *[other] 사용 중인 인증서가 { $count }일 뒤에 만료됩니다. 관리자에게 새 인증서를 요청해 주세요.
    }
notice-certificate-followed =
    { $count ->
        [0] 사용 중인 인증서가 오늘 만료됩니다. 새 인증서가 준비되어 있으니 지금 설치해 주세요.
       *[other] 사용 중인 인증서가 { $count }일 뒤에 만료됩니다. 새 인증서가 준비되어 있으니 지금 설치해 주세요.
    }
notice-link-certificates = 인증서 보기
refusal-certificate-help = 인증서를 설치하고 선택하는 방법
help-title = 인증서 설치
help-need = 두 가지가 필요합니다. 계정의 “인증서” 페이지에 있는 파일과, 관리자가 다른 방법으로 전달한 암호 구문입니다.
help-open = 인증서 페이지 열기
help-devices = 기기를 선택해 주세요
help-install = 설치 방법
help-check = 설치되었는지 확인
help-use = 로그인할 때의 화면
help-fails = 문제가 있을 때
    .windows = 인증서가 필요하다는 메시지가 표시되면 브라우저 창을 모두 닫거나 기기를 다시 시작한 뒤 앱을 다시 열어 주세요. 브라우저는 이전 선택을 기억하며, 시크릿 창이나 사생활 보호 창에서는 인증서를 선택할 수 없는 경우가 많습니다.
    .passphrase = 암호 구문이 맞지 않는다는 메시지가 표시되면 하이픈을 포함하여 소문자로 입력해 주세요. 숫자 0과 1, 영문자 l과 o는 쓰이지 않습니다. 복사해서 붙여 넣으면 실수를 줄일 수 있습니다.
    .older = 암호 구문이 맞는데도 파일이 열리지 않으면 기기의 시스템이 오래된 것일 수 있습니다. 관리자에게 구형 기기용 파일을 요청해 주세요.
    .ended = 인증서가 만료, 사용 중지 또는 폐기되었다는 메시지가 표시되면 “인증서” 페이지에 새 인증서가 있는지 확인해 주세요.
    .ask = 그래도 해결되지 않으면 거부된 화면에 표시된 코드와 요청 번호를 관리자에게 알려 주세요.
help-ios = iPhone 및 iPad
    .one = Safari에서 이 사이트를 열고 계정의 “인증서”에서 iPhone, iPad, Mac용 파일을 다운로드합니다. 프로파일 다운로드를 허용합니다.
    .two = 설정 앱을 열고 위쪽의 “프로파일이 다운로드됨”을 탭합니다. 보이지 않으면 “일반”의 “VPN 및 기기 관리”를 확인합니다.
    .three = “설치”를 탭하고 기기 암호를 입력한 다음 인증서의 암호 구문을 입력합니다. 프로파일이 “서명되지 않음”으로 표시되는 것은 정상입니다.
    .check = 설정의 “일반”에 있는 “VPN 및 기기 관리”에 인증서 이름의 프로파일이 있는지 확인합니다.
    .use = Safari에서 앱을 엽니다. 사용할 인증서를 물으면 본인의 인증서를 선택합니다. 처음 사용할 때와 일정 시간이 지난 뒤에 묻습니다.
    .fails = Safari를 사용해 주세요. iPhone과 iPad의 다른 브라우저에서는 인증서를 제시할 수 없는 경우가 많습니다.
help-android = Android
    .one = Chrome에서 이 사이트를 열고 계정의 “인증서”에서 모든 기기용 파일을 다운로드합니다.
    .two = 다운로드한 파일을 엽니다. 열리지 않으면 설정에서 “인증서 설치”를 검색하고 “VPN 및 앱 사용자 인증서”를 선택한 다음 파일을 선택합니다.
    .three = 암호 구문을 입력하고 제안된 이름 그대로 확인합니다. 용도를 물으면 “VPN 및 앱”을 선택합니다.
    .check = 설정에서 “사용자 인증 정보”를 검색하여 목록에 인증서가 있는지 확인합니다. Android 8 이하에는 이 목록이 없으므로 이 단계를 건너뜁니다.
    .use = Chrome에서 앱을 열면 인증서 목록이 나타납니다. 본인의 인증서를 선택하고 확인합니다. 처음 사용할 때와 일정 시간이 지난 뒤에 나타납니다.
    .fails = 화면 잠금이 설정되어 있어야 인증서를 설치할 수 있습니다. 화면 잠금을 설정한 뒤 파일을 다시 설치해 주세요. 브라우저는 Chrome을 사용해 주세요.
help-macos = Mac
    .one = Safari에서 이 사이트를 열고 계정의 “인증서”에서 iPhone, iPad, Mac용 파일을 다운로드합니다.
    .two = 시스템 설정의 “일반”에서 “기기 관리”(이전 버전에서는 “프로파일”)를 열고 다운로드한 프로파일을 두 번 클릭합니다.
    .three = “설치”를 클릭하고 인증서의 암호 구문을 입력합니다. 요청되면 Mac의 암호도 입력합니다.
    .check = 키체인 접근 앱의 “나의 인증서”에 본인의 인증서가 있고 그 아래에 개인 키가 있는지 확인합니다.
    .use = Safari나 Chrome에서 앱을 열고 본인의 인증서를 선택합니다. 키체인 확인 창이 나타나면 Mac의 암호를 입력하고 “항상 허용”을 선택합니다.
    .fails = Firefox에 인증서가 나타나지 않으면 Firefox에도 설치해 주세요. 위의 “Firefox”를 선택하면 방법을 볼 수 있습니다.
help-windows = Windows
    .one = Edge나 Chrome에서 이 사이트를 열고 계정의 “인증서”에서 모든 기기용 파일을 다운로드합니다.
    .two = 다운로드한 파일을 두 번 클릭합니다. “현재 사용자”를 선택하고, 암호를 물을 때까지 “다음”을 클릭합니다.
    .three = 암호 입력란에 인증서의 암호 구문을 입력합니다. 인증서 저장소는 자동으로 선택되게 두고 “마침”을 클릭합니다.
    .check = Windows 키와 R 키를 누르고 certmgr.msc를 입력한 뒤 “개인용”의 “인증서” 목록에 본인의 인증서가 있는지 확인합니다.
    .use = Edge나 Chrome에서 앱을 열고 목록에서 본인의 인증서를 선택한 다음 “확인”을 클릭합니다.
    .fails = Firefox에 인증서가 나타나지 않으면 Firefox에도 설치해 주세요. 위의 “Firefox”를 선택하면 방법을 볼 수 있습니다.
help-firefox = Firefox
    .one = 이 사이트에서 계정의 “인증서”를 열고 모든 기기용 파일을 다운로드합니다.
    .two = Firefox의 설정에서 “개인 정보 및 보안”을 열고 “인증서 보기”를 클릭한 다음, “개인 인증서”에서 “가져오기”를 클릭합니다.
    .three = 다운로드한 파일을 선택하고 암호 구문을 입력합니다. Firefox가 기본 비밀번호를 물으면 이전에 Firefox에서 설정한 비밀번호를 입력합니다.
    .check = “개인 인증서” 목록에 본인의 인증서가 있는지 확인합니다.
    .use = 앱을 열면 Firefox가 제시할 인증서를 묻습니다. 본인의 인증서를 선택하고 “확인”을 클릭합니다.
    .fails = “인증서 보기”의 “인증 결정”에서 이 앱의 줄을 삭제한 뒤 앱을 다시 열어 주세요.
help-chromium = Linux의 Chrome 및 Chromium
    .one = 이 사이트에서 계정의 “인증서”를 열고 모든 기기용 파일을 다운로드합니다.
    .two = 설정에서 “개인 정보 보호 및 보안”, “보안”, “인증서 관리”를 차례로 열고 “내 인증서”에서 “가져오기”를 클릭합니다.
    .three = 다운로드한 파일을 선택하고 암호 구문을 입력합니다.
    .check = “내 인증서” 목록에 본인의 인증서가 있는지 확인합니다.
    .use = 앱을 열고 목록에서 본인의 인증서를 선택한 다음 “확인”을 클릭합니다.
    .fails = Snap이나 Flatpak의 브라우저는 인증서를 따로 보관합니다. 그 브라우저에서 직접 파일을 가져와 주세요.
