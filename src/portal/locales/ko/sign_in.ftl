## 여섯 가지 확인
barrier-label = 로그인 단계
barrier-here = { $count }단계 중 { $number }단계
check-ip-restriction = 네트워크
    .asks = 정해진 네트워크에서만 열 수 있습니다
check-client-certificate = 인증서
    .asks = 클라이언트 인증서가 필요합니다
check-desktop-sso = 업무용 PC 인증
    .asks = 업무용 PC 인증이 필요합니다
check-primary-factor = 본인 확인
    .asks = 다시 로그인해야 합니다
check-cookie = 등록된 브라우저
    .asks = 등록된 브라우저가 필요합니다
check-otp = 일회용 비밀번호
    .asks = 일회용 비밀번호가 필요합니다
mark-done = : 통과
mark-now = : 현재 단계
mark-to-come = : 이후 확인
mark-stopped = : 통과하지 못함

## 모든 단계
step-to = 접속할 곳
step-as = 로그인 중인 사용자:
step-holds-post = 보내신 내용은 보관 중이며, 확인이 끝나는 즉시 전달됩니다.
step-opened-by-phone = 먼저 휴대전화에서 이 로그인 양식을 연 다음 비밀번호를 입력해 주세요. 열기 전에는 올바른 비밀번호를 입력해도 맞지 않는다고 표시됩니다.
    .some = 일부 사용자는 먼저 휴대전화에서 이 로그인 양식을 열어야 합니다. 해당하는 경우 열기 전에는 올바른 비밀번호를 입력해도 맞지 않는다고 표시됩니다.
problem-label = 오류:{" "}
problem-wrong-credentials = 사용자 이름 또는 비밀번호가 맞지 않습니다. 둘 다 확인한 뒤 다시 시도해 주세요.
problem-certificate-of = 이 인증서는 { $user } 님의 것입니다. { $user } 계정으로 로그인하거나, 브라우저 창을 모두 닫은 뒤 다른 인증서를 선택해 주세요.
problem-ticket-of = 이 컴퓨터에는 { $user } 님이 로그인되어 있습니다. { $user } 계정으로 로그인하거나 본인의 컴퓨터를 사용해 주세요.
problem-ticket-used = 컴퓨터에서 보낸 인증 정보가 이미 사용되었습니다(연결이 끊기면 이런 일이 생길 수 있습니다). 다시 시도해 주세요.
problem-ticket-clock = 컴퓨터의 시계와 게이트웨이의 시계가 5분 넘게 차이 납니다. 컴퓨터의 시간을 맞춘 뒤 다시 시도해 주세요.
problem-ticket-old = 컴퓨터의 네트워크 로그인이 만료되었습니다. 컴퓨터를 잠갔다가 해제한 뒤(Linux에서는 kinit 실행) 다시 시도해 주세요.
problem-ticket-connection = 컴퓨터에서 보낸 인증 정보가 이 연결의 것이 아닙니다. 브라우저와 이 사이트 사이에서 통신이 중계되고 있거나, 브라우저가 인증 정보를 연결에 묶는 기능을 지원하지 않습니다.
problem-ticket-account = 컴퓨터의 계정 { $account }에 해당하는 사용자가 등록되어 있지 않습니다.
problem-ticket-no-account = 컴퓨터의 계정에 해당하는 사용자가 등록되어 있지 않습니다.
problem-ticket-another = 이 컴퓨터에는 { $account } 계정으로 로그인되어 있습니다. 지금 여기에 로그인하려는 사용자와 다릅니다.
problem-ticket-gateway = 지금은 업무용 PC 인증을 사용할 수 없습니다. 컴퓨터에는 문제가 없습니다. 관리자에게 알려 주세요.
problem-wrong-code = 코드가 맞지 않거나 유효 시간이 지났습니다. 다음 코드가 표시되면 입력해 주세요.
problem-wrong-recovery-code = 사용하지 않은 복구 코드와 일치하지 않습니다. 복구 코드는 하나당 한 번만 사용할 수 있습니다.
problem-incomplete = 입력이 부족합니다. 코드를 모두 입력해 주세요.
problem-busy = 지금 로그인하는 사람이 많습니다. 입력하신 내용에는 문제가 없으니 몇 초 뒤에 다시 시도해 주세요.
problem-directory-unavailable = 지금은 일부 비밀번호를 확인할 수 없습니다. 몇 분 뒤에 다시 시도해 주세요.
problem-directory-down = 지금은 { $domain }의 비밀번호를 확인할 수 없습니다. 몇 분 뒤에 다시 시도하거나 다른 방법으로 로그인해 주세요.
problem-must-change-there = 비밀번호는 맞지만 로그인하기 전에 변경해야 합니다. 조직의 컴퓨터에서 변경하거나 관리자에게 문의해 주세요.
problem-both-needed = 지금은 비밀번호 두 개가 필요합니다. 둘 다 입력해 주세요.
problem-cookies-blocked = 브라우저가 이 사이트의 쿠키를 저장하지 않아 입력하신 내용이 사라졌습니다. 쿠키를 허용한 뒤 다시 로그인해 주세요.
problem-unknown-mail = 이 메일 주소로 로그인할 수 있는 회사 계정이 없습니다. 주소를 확인하거나 다른 방법으로 로그인해 주세요.
problem-question-over = 휴대전화 승인 요청이 종료되었습니다. 게이트웨이가 다시 시작되었을 수 있습니다. 이 단계를 다시 진행해 주세요.
problem-slow-down = 실패 횟수가 너무 많습니다. { $wait } 뒤에 다시 시도해 주세요.
why-primary-factor-missing = { $app }을(를) 열려면 본인 확인이 필요합니다.
why-primary-factor-method = { $app }을(를) 열려면 다른 방법으로 로그인해야 합니다.
why-primary-factor-unprotected = { $app }의 로그인 양식은 닫혀 있습니다. 휴대전화에서 연 다음 비밀번호를 입력해 주세요.
why-primary-factor-too-old = 로그인한 지 시간이 지나 { $app }에서 본인 확인을 다시 요청합니다.
why-browser-not-registered = { $app }은(는) 등록된 브라우저에서만 열 수 있으며, 이 브라우저는 아직 등록되지 않았습니다.
why-browser-registered-otherwise = { $app }을(를) 열려면 이 브라우저를 다른 방법으로 등록해야 합니다.
why-browser-not-bound = { $app }은(는) 자체 키를 보관하는 브라우저에서만 열 수 있으며, 이 브라우저의 키는 확인되지 않았습니다. Windows용 Chrome 146 이상은 키를 보관합니다. 그 브라우저에서 열거나 이 브라우저를 다시 등록해 주세요.
why-otp-missing = { $app }을(를) 열려면 일회용 비밀번호가 필요합니다.
why-otp-method = { $app }을(를) 열려면 사용하신 것과 다른 종류의 일회용 비밀번호가 필요합니다.
why-otp-too-old = 마지막으로 입력한 지 시간이 지나 { $app }에서 새 일회용 비밀번호를 요청합니다.
why-desktop-sso-missing = { $app }을(를) 열려면 업무용 PC 인증이 필요합니다.

## 사용자 이름과 비밀번호
password-title = 로그인
field-user = 사용자 이름
field-domain = 도메인
domain-local = 이 사이트
field-password = 비밀번호
field-directory-password = Windows 비밀번호
password-both = 지금은 이 사이트의 비밀번호와 Windows에서 쓰는 비밀번호가 모두 필요합니다. 둘 다 맞아야 합니다.
password-submit = 계속
password-someone-else = 다른 사용자로 로그인

## 변경해야 하는 디렉터리 비밀번호
must-change-title = 새 비밀번호를 정해 주세요
must-change-what = 로그인하기 전에 { $domain }의 비밀번호를 변경해야 합니다. 새 비밀번호는 이 비밀번호를 쓰는 다른 모든 곳에도 적용됩니다.
must-change-done = 비밀번호가 변경되었습니다
must-change-done-what = 앞으로는 여기와 다른 모든 곳에서 새 비밀번호를 사용해 주세요.
must-change-sign-in = 새 비밀번호로 로그인
directory-password-hint = 길이와 문자에 대한 규칙은 디렉터리에서 정합니다.
password-problem-not-taken = 새 비밀번호가 디렉터리의 규칙에 맞지 않습니다. 더 긴 비밀번호나 전에 사용하지 않은 비밀번호로 정해 주세요.

## 일회용 비밀번호
otp-title-totp = 일회용 비밀번호
otp-title-recovery = 복구 코드
otp-field-totp = 6자리 코드
otp-hint-totp = 인증 앱을 열고 이 계정에 표시된 코드를 입력해 주세요.
otp-field-recovery = 복구 코드(하나)
otp-hint-recovery = 인쇄하거나 저장해 둔 목록에 있는 코드입니다. 하나당 한 번만 사용할 수 있습니다.
otp-submit = 계속
otp-use-totp = 인증 앱 사용하기
otp-use-recovery = 인증 앱을 쓸 수 없나요? 복구 코드 사용하기

## 이 브라우저 등록
browser-title = 이 브라우저 등록
browser-how = 일회용 비밀번호로 등록을 확인합니다. 등록은 { $days }일 동안 유효합니다.
browser-passes-otp = 같은 코드로 다음 확인도 통과합니다.
browser-field-name = 브라우저 이름
browser-hint-name = 목록에서 알아볼 수 있는 이름입니다.
browser-submit = 등록하고 계속
browser-shared-computer = 다른 사람도 쓰는 컴퓨터는 등록하지 마세요.

## 패스키
passkey-label = 패스키
passkey-title = 패스키 사용
passkey-how = 기기나 보안 키의 지문, 얼굴 또는 PIN으로 확인해 주세요.
passkey-how-sign-in = 패스키로 본인을 확인합니다. 사용자 이름이나 비밀번호를 입력하지 않아도 됩니다.
passkey-how-browser = 패스키로 확인해 주세요. 이후 이 브라우저는 본인의 브라우저로 등록됩니다.
passkey-use = 패스키로 로그인
passkey-register-browser = 패스키로 등록하고 계속
passkey-use-instead = 대신 패스키 사용
passkey-needs-script = 패스키에는 JavaScript가 필요하지만 이 브라우저에서는 꺼져 있습니다. 이 사이트에서 켜거나 다른 방법을 사용해 주세요.
passkey-no-script = 여기에 버튼이 나타나지 않으면 이 페이지의 스크립트를 불러오지 못한 것입니다. 페이지를 다시 불러오거나 다른 방법으로 로그인해 주세요.
passkey-not-given = 패스키가 사용되지 않았습니다. 취소되었거나, 시간이 너무 오래 걸렸거나, 이 기기에 이 사이트의 패스키가 없습니다.
passkey-insecure = 브라우저가 여기에서 패스키 사용을 거부했습니다. 원인은 두 가지일 수 있습니다. 브라우저가 이 사이트의 인증서를 신뢰하지 않거나, 패스키를 만들 때와 다른 이름으로 사이트가 열려 있습니다. 관리자에게 알려 주세요.
passkey-registered-already = 이 기기는 이미 등록되어 있습니다.
passkey-not-supported = 이 기기에서는 여기에 필요한 종류의 패스키를 사용할 수 없습니다.
passkey-browser-too-old = 이 브라우저에서는 패스키를 사용할 수 없습니다. 더 새로운 브라우저나 다른 방법을 사용해 주세요.
passkey-begin-again = 이 페이지를 연 지 너무 오래되었습니다. 다시 불러온 뒤 한 번 더 시도해 주세요.
passkey-slow-down = 지금 사용 중인 네트워크에서 패스키를 사용하는 사람이 너무 많습니다. 1분 뒤에 다시 시도해 주세요.
passkey-failed = 패스키를 사용할 수 없었습니다. 다시 시도해 주세요.
problem-passkey-refused = 이 패스키를 사용할 수 없습니다. 계정에서 삭제되었거나, 이 계정은 여기에서 패스키로 로그인할 수 없도록 설정되어 있을 수 있습니다.
problem-passkey-not-verified = 기기에서 본인 확인이 이루어지지 않았습니다. 기기에 PIN, 지문 또는 얼굴을 설정한 뒤 다시 시도해 주세요.
problem-passkey-over = 시간이 너무 오래 걸렸거나 페이지가 두 번 사용되었습니다. 다시 시도해 주세요.
no-passkey-title = 먼저 패스키가 필요합니다
no-passkey-what = 이 페이지에는 패스키도 필요하지만 { $user } 님의 패스키가 아직 없습니다.
no-passkey-ask = 관리자에게 일회용 링크를 요청해 주세요. 그 링크로 기기에 패스키를 만들면 여기에 로그인할 수 있습니다.

## 2차 인증 요소가 아직 없을 때
no-authenticator-title = 먼저 인증 앱이 필요합니다
no-authenticator-what = 비밀번호는 맞습니다. 이 페이지에는 일회용 비밀번호도 필요하지만 { $user } 님의 인증 앱이 아직 설정되지 않았습니다.
no-authenticator-enrol-link = 인증 앱 설정
no-authenticator-ask = 관리자에게 일회용 링크를 요청해 주세요. 그 링크로 휴대전화에 인증 앱을 설정하면 여기에 로그인할 수 있습니다.
no-phone-title = 먼저 휴대전화를 등록해야 합니다
no-phone-what = 이 페이지에는 휴대전화 승인도 필요하지만 { $user } 님의 휴대전화가 아직 등록되지 않았습니다.
no-phone-ask = 관리자에게 일회용 링크를 요청해 주세요. 그 링크를 휴대전화에서 열어 등록하면 여기에 로그인할 수 있습니다.
no-second-title = 먼저 2차 인증 요소가 필요합니다
no-second-what = 이 페이지에는 인증 앱의 코드 또는 휴대전화 승인도 필요합니다. { $user } 님은 둘 다 아직 설정되지 않았습니다.
no-second-ask = 관리자에게 일회용 링크를 요청해 주세요. 그 링크로 인증 앱을 설정하거나 휴대전화를 등록하면 여기에 로그인할 수 있습니다.
phone-rests-title = 지금은 휴대전화로 승인할 수 없습니다
phone-rests-what = 이 페이지에는 휴대전화 승인도 필요하지만, { $user } 님의 승인은 일시 중지되었거나 잠겨 있습니다.
phone-rests-ask = 관리자에게 승인 재개 또는 잠금 해제를 요청해 주세요.
no-second-never-alone = 비밀번호만으로는 설정할 수 없습니다. 비밀번호를 알아낸 사람이라면 누구나 설정할 수 있게 되기 때문입니다.
no-second-administrator = 관리자용 안내: 링크는 이 사용자의 페이지에서 또는 { $command } 명령으로 만들 수 있습니다.
phone-rests-administrator = 관리자용 안내: 이 사용자의 페이지에서 또는 { $command } 명령으로 처리할 수 있습니다.
what-to-do = 해결 방법

## 잠시 기다리기
slow-down-title = 잠시 기다려 주세요
slow-down-wait = { $wait } 뒤에 다시 시도할 수 있습니다.
slow-down-why = 사용 중인 네트워크에서 로그인 실패가 너무 많았습니다. 그때까지는 비밀번호가 맞더라도 로그인할 수 없습니다.
slow-down-do = 본인이 시도한 것이 아니라면 관리자에게 알려 주세요.
slow-down-returns-why = 사용 중인 네트워크에서 회사 계정 로그인이 완료되지 않은 경우가 너무 많았습니다. 사용자의 조작 때문이 아니라 로그인 서비스에 문제가 있을 가능성이 큽니다. 다른 방법으로는 로그인할 수 있습니다.
slow-down-returns-do = 따로 하실 일은 없습니다. 잠시 기다렸다가 다시 시도해 주세요. 계속되면 관리자에게 알려 주세요.
try-again = 다시 시도

## 만료됨
expired-title = 이 로그인은 종료되었습니다
expired-what = 시간이 너무 오래 걸렸거나 다른 탭에서 완료되었습니다. 사라진 내용은 없습니다. 처음부터 다시 시작해 주세요.
go-to-app = { $app } 열기
go-to-launcher = 내 앱으로 이동

## 보낸 내용을 보관하지 못했을 때
not-kept-title = 보내신 내용이 전달되지 않았습니다
not-kept-too-large = { $app }을(를) 열려면 로그인해야 하지만, 보내신 내용이 너무 커서 그동안 보관할 수 없었습니다. { $app }에는 아무것도 전달되지 않았습니다.
not-kept-foreign = { $app }을(를) 열려면 로그인해야 하지만, 보내신 내용이 다른 사이트의 페이지에서 온 것이어서 보관하지 않았습니다. { $app }에는 아무것도 전달되지 않았습니다.
not-kept-expired = { $app }에 로그인하는 동안, 보내신 내용을 보관할 수 있는 시간이 지났습니다. { $app }에는 아무것도 전달되지 않았습니다.
not-kept-full = { $app }을(를) 열려면 로그인해야 하지만, 지금은 보관 중인 내용이 너무 많아 보내신 내용을 보관할 수 없었습니다. { $app }에는 아무것도 전달되지 않았습니다.
not-kept-unsaid = { $app }을(를) 열려면 로그인해야 하지만, 보내신 내용을 그동안 보관할 수 없었습니다. { $app }에는 아무것도 전달되지 않았습니다.
not-kept-sign-in = 로그인한 다음 { $app }에 다시 보내 주세요. 양식에 입력하신 내용은 브라우저의 뒤로 버튼을 누르면 남아 있을 수 있습니다.
not-kept-do = 이제 로그인되어 있습니다. { $app }(으)로 돌아가 다시 보내 주세요.

## ID 공급자
idp-choice = 회사 계정으로 로그인
idp-use = { $provider }(으)로 로그인
idp-down = 현재 { $provider }이(가) 응답하지 않습니다. 그곳에서 로그인하지 못할 수 있지만 계정에는 문제가 없습니다.
idp-mail = 회사 메일 주소
idp-mail-submit = 계속
idp-again = 다시 시도
idp-other = 다른 방법으로 로그인
idp-called = 회사 계정 이름:
idp-unavailable = { $provider }이(가) 응답하지 않습니다
    .what = 지금 { $provider }에 연결할 수 없어 로그인할 수 없습니다.
    .do = 계정에는 문제가 없습니다. 몇 분 뒤에 다시 시도하거나 다른 방법으로 로그인해 주세요.
idp-denied = { $provider }에서 로그인되지 않았습니다
    .what = { $provider }에서 로그인이 완료되지 않은 채 돌아왔습니다. 취소되었거나, 그 계정으로는 이 사이트를 사용할 수 없기 때문일 수 있습니다.
    .do = 다시 시도해 주세요. 계속되면 { $provider } 담당자에게 이 사이트를 사용할 수 있는 계정인지 문의해 주세요.
idp-set-up = { $provider } 연결 설정에 문제가 있습니다
    .what = 이 사이트와 { $provider }의 설정이 서로 맞지 않습니다. 사용자의 조작 때문이 아닙니다.
    .do = 아래의 코드와 요청 번호를 관리자에게 알려 주세요.
idp-not-believed = { $provider }의 응답을 받아들이지 않았습니다
    .what = { $provider }의 응답을 검증할 수 없어, 안전을 위해 로그인을 진행하지 않았습니다.
    .do = 한 번 더 시도해 주세요. 계속되면 아래의 코드와 요청 번호를 관리자에게 알려 주세요.
idp-not-enough = { $provider }에서 추가 인증이 필요합니다
    .what = { $provider }에서 로그인했지만 이 사이트가 요구하는 인증 강도(예: 2단계 인증)에 미치지 못합니다.
    .do = { $provider }에서 2단계 인증을 설정하거나 더 강한 방법을 선택한 뒤 다시 시도해 주세요.
idp-not-fresh = { $provider }에서 다시 인증되지 않았습니다
    .what = 이 단계에는 새로운 로그인이 필요하지만 { $provider }에서 이를 확인해 주지 않습니다.
    .do = { $provider }에서 로그아웃하고 다시 시도해 주세요. 그래도 안 되면 다른 방법으로 로그인하거나 관리자에게 알려 주세요.
idp-no-account = 이 사이트에 계정이 없습니다
    .what = { $provider }에는 로그인되었지만 이 사이트에는 해당하는 계정이 없습니다.
    .do = 관리자에게 계정을 요청해 주세요. 다른 계정으로 로그인했다면 { $provider }에서 로그아웃하고 다시 시도해 주세요.
idp-no-name = 계정을 만들 수 없습니다
    .what = { $provider }에는 로그인되었지만 그 이름으로는 계정을 만들 수 없습니다. 이미 사용 중이거나 쓸 수 없는 이름입니다.
    .do = 관리자에게 계정 연결을 요청해 주세요.
idp-not-assigned = 이 계정은 다른 방법으로 로그인합니다
    .what = { $provider }에는 로그인되었지만 이 사이트의 계정은 회사 계정 로그인을 사용하지 않습니다.
    .do = 다른 방법으로 로그인하거나 관리자에게 이 방법을 지정해 달라고 요청해 주세요.
idp-other-person = 다른 계정입니다
    .what = 확인에 사용한 { $provider } 계정은 지금 로그인한 사용자의 것이 아닙니다.
    .do = { $provider }에서 올바른 계정을 선택하거나 먼저 이 사이트에서 로그아웃해 주세요.
idp-taken = 다른 사용자에게 연결된 계정입니다
    .what = { $provider }에서 로그인한 계정은 이미 이 사이트의 다른 사용자에게 연결되어 있습니다. 변경된 것은 없습니다.
    .do = { $provider }에서 본인의 계정으로 로그인하거나, 관리자에게 다른 연결을 해제해 달라고 요청해 주세요.
idp-refused = 지금은 이 계정을 사용할 수 없습니다
    .what = { $provider }에는 로그인되었지만, 지금 이곳에서는 이 계정을 사용할 수 없습니다.
    .do = 아래의 코드와 요청 번호를 관리자에게 알려 주세요.
idp-another-browser = 다른 곳에서 시작한 로그인입니다
    .what = { $provider }에서 돌아온 브라우저나 창이 로그인을 시작한 곳과 다르거나, 브라우저가 이 사이트의 쿠키를 저장하지 않습니다.
    .do = 이 사이트의 쿠키를 허용하고 이 브라우저에서 다시 시작해 주세요.
idp-over = 이 로그인은 종료되었습니다
    .what = { $provider }에서 시간이 너무 오래 걸렸거나, 이 사이트에서 시작한 로그인이 아닙니다.
    .do = 처음부터 다시 시작해 주세요.
idp-unsolicited = { $provider }에서 시작한 로그인입니다
    .what = { $provider }에서 로그인한 뒤 이곳으로 왔지만, 이 사이트가 요청한 로그인이 아닙니다. 안전을 위해 이 사이트가 요청하지 않은 로그인은 받아들이지 않습니다.
    .do = 여기에서 시작해 주세요. 대개 { $provider }에서 다시 입력하지 않아도 됩니다.

## 업무용 PC 인증
ticket-title = 업무용 PC 인증
ticket-none = 조직의 네트워크에 로그인된 컴퓨터는 자동으로 인증되지만, 이 컴퓨터에서는 확인되지 않았습니다.
ticket-do-unlock = 컴퓨터를 잠갔다가 해제하거나 업무용 계정으로 다시 로그인해 주세요(Linux에서는 kinit 실행).
ticket-do-browser = 조직에서 이 사이트용으로 설정한 브라우저를 사용해 주세요.
ticket-elsewhere = 조직의 네트워크에서만 인증할 수 있습니다. 네트워크에 연결한 뒤 페이지를 다시 열어 주세요.
ticket-again = 다시 시도

## 관리자가 승인하는 브라우저
device-title = 이 브라우저 사용 신청
device-what = 이 계정에서는 관리자가 승인한 브라우저만 사용할 수 있습니다. 이 브라우저의 사용을 신청해 주세요. 승인되면 계속할 수 있습니다.
device-hint-name = 본인과 관리자가 알아볼 수 있는 이름입니다.
device-field-note = 관리자에게 보내는 메모
device-hint-note = 예: 사용하는 장소나 목적. 비워 두어도 됩니다.
device-submit = 신청
device-called = 신청한 브라우저:
device-said = 관리자 메시지:
device-pending-title = 승인을 기다리고 있습니다
device-pending-what = 관리자가 이 브라우저를 승인하거나 거절합니다. 결정되면 이 페이지가 자동으로 넘어갑니다.
device-pending-do = 이 페이지는 닫아도 됩니다. 나중에 같은 브라우저로 다시 로그인해 주세요. 급하면 관리자에게 연락해 주세요.
device-rejected-title = 이 브라우저는 거절되었습니다
device-rejected-what = 관리자가 신청을 거절했으므로 이 브라우저는 사용할 수 없습니다. 승인된 다른 브라우저를 사용하거나, 관리자와 상의한 뒤 다시 신청해 주세요.
device-revoked-title = 이 브라우저는 더 이상 승인되어 있지 않습니다
device-revoked-what = 이전에 승인되었지만 그 승인이 취소되었거나 만료되었습니다. 계속 필요하면 다시 신청해 주세요.
device-use-other = 다른 방법으로 이 브라우저 등록
device-apply-instead = 대신 관리자에게 승인 신청
problem-devices-wait = 이미 여러 신청이 승인을 기다리고 있습니다. 관리자가 결정할 때까지 기다려 주세요.
problem-device-later = 이 브라우저는 조금 전에 거절되었습니다. { $wait } 뒤에 다시 신청할 수 있습니다.
