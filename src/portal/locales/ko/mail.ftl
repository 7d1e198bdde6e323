## 메일 메시지
## ‘mail-account’와 ‘mail-link’가 메시지이고, 나머지는 그 안에 들어가는 문장과 제목입니다.
mail-account =
    { $name } 님

    { $sentence }

    사용자: { $user }
    시각: { $time }
    IP 주소: { $address }

    본인이 한 것이 아니라면 즉시 관리자에게 알려 주세요.
mail-link =
    { $name } 님

    { $sentence }

    { $url }

    이 주소는 { $until }까지 한 번만 사용할 수 있습니다. 다른 사람에게 알려 주지 마세요.

    사용자: { $user }
mail-new-place = 최근에 로그인한 적이 없는 네트워크에서 이 계정으로 로그인이 있었습니다({ $browser }).
    .subject = 새로운 위치에서 로그인이 있었습니다
mail-browser-registered = 계정에 브라우저가 등록되었습니다: “{ $browser }”
    .subject = 브라우저가 등록되었습니다
mail-browser-forgotten = 브라우저 “{ $browser }”의 등록이 해제되었으며, 그 브라우저의 세션은 종료되었습니다.
    .subject = 브라우저 등록이 해제되었습니다
mail-password-changed = 비밀번호가 변경되었으며, 다른 세션은 종료되었습니다.
    .subject = 비밀번호가 변경되었습니다
mail-pattern-set = 계정에 패턴이 설정되었습니다.
    .subject = 패턴이 설정되었습니다
mail-transaction-password-set = 거래할 때 입력하는 비밀번호가 설정되었습니다.
    .subject = 거래 비밀번호가 설정되었습니다
mail-password-set-by-link = 일회용 링크로 비밀번호가 설정되었습니다.
    .subject = 비밀번호가 설정되었습니다
mail-authenticator-set-up = 계정에 인증 앱이 설정되었습니다.
    .subject = 새 인증 앱이 설정되었습니다
mail-authenticator-replaced = 인증 앱이 새 인증 앱으로 교체되었습니다.
    .subject = 새 인증 앱이 설정되었습니다
mail-authenticator-set-up-by-link = 일회용 링크로 계정에 인증 앱이 설정되었습니다.
    .subject = 새 인증 앱이 설정되었습니다
mail-authenticator-removed = 계정에서 인증 앱과 그 복구 코드가 삭제되었습니다.
    .subject = 인증 앱이 삭제되었습니다
mail-recovery-codes-renewed = 계정의 새 복구 코드가 만들어졌습니다. 이전 코드는 더 이상 사용할 수 없습니다.
    .subject = 새 복구 코드가 만들어졌습니다
mail-approver-registered = 로그인을 승인하는 휴대전화가 등록되었습니다: “{ $phone }”
    .subject = 휴대전화가 등록되었습니다
mail-approver-removed = 휴대전화 “{ $phone }”에서는 더 이상 로그인을 승인할 수 없습니다.
    .subject = 휴대전화가 삭제되었습니다
mail-passkey-added = 계정에 패스키 “{ $passkey }”이(가) 추가되었습니다.
    .subject = 패스키가 추가되었습니다
mail-passkey-added-by-link = 일회용 링크로 계정에 패스키 “{ $passkey }”이(가) 추가되었습니다.
    .subject = 패스키가 추가되었습니다
mail-passkey-removed = 패스키 “{ $passkey }”이(가) 삭제되었으며, 그 패스키로 로그인한 다른 곳의 세션은 종료되었습니다.
    .subject = 패스키가 삭제되었습니다
mail-identity-linked = “{ $provider }” 계정이 이 계정에 연결되었습니다. 이제부터 그 계정으로 로그인할 수 있습니다.
    .subject = 회사 계정이 연결되었습니다
mail-identity-unlinked = “{ $provider }” 계정과의 연결이 해제되었으며, 그 계정으로 로그인한 다른 곳의 세션은 종료되었습니다.
    .subject = 회사 계정의 연결이 해제되었습니다
mail-device-approved = 관리자가 브라우저 “{ $browser }”의 사용을 승인했습니다. 평소처럼 그 브라우저로 로그인해 주세요.
    .subject = 브라우저 사용이 승인되었습니다
mail-device-rejected = 관리자가 브라우저 “{ $browser }”의 사용 신청을 거절했습니다. 이 브라우저로는 로그인할 수 없습니다. 필요한 경우 관리자에게 문의해 주세요.
    .subject = 사용 신청이 거절되었습니다
mail-device-revoked = 관리자가 브라우저 “{ $browser }”의 승인을 취소했습니다. 그 브라우저의 세션은 종료되었습니다. 계속 필요하면 다음에 로그인할 때 다시 신청해 주세요.
    .subject = 브라우저 승인이 취소되었습니다
mail-device-applied = 사용자 { $who } 님이 브라우저 사용을 신청했습니다. 관리 페이지의 “기기”에서 승인하거나 거절해 주세요. 아래 IP 주소는 신청을 보낸 브라우저의 주소입니다.
    .subject = 브라우저 사용 신청이 있습니다
mail-somebody-else-asked = 휴대전화에서 로그인을 거부하고 본인이 요청하지 않았다고 응답하셨습니다. 로그인은 이루어지지 않았습니다. 지금 바로 비밀번호를 변경해 주세요.
    .subject = 다른 사람이 이 계정으로 로그인하려고 했습니다
mail-user-denied-sign-in = 사용자 { $who } 님이 휴대전화에서 로그인을 거부하고 본인이 요청하지 않았다고 응답했습니다. 로그인은 이루어지지 않았습니다.
    .subject = 사용자가 다른 사람의 로그인 시도를 신고했습니다
mail-pattern =
    { $name } 님

    { $sentence }

    ★ 패턴으로 로그인하는 방법

    1. 브라우저에서 다음 주소를 엽니다: { $url }

    2. 사용자 이름을 입력하고, 도메인을 선택할 수 있으면 선택합니다.
       사용자: { $user }
       도메인: { $domain }

    3. 화면의 난수표에서 번호가 있는 칸의 숫자를 번호 순서대로 읽어 일회용 비밀번호로 입력합니다. ※는 읽지 않는 칸입니다.

    { $drawing }

       숫자 뒤에 이어서 입력할 추가 문구: { $phrase }

    4. 나만의 패턴을 설정합니다. 새 난수표가 표시될 때마다 같은 패턴을 세 번 입력합니다.

    초기 패턴은 { $until }까지 사용할 수 있습니다. 다른 사람에게 보여 주지 마세요.
mail-pattern-issued = 초기 패턴을 알려 드립니다.
    .subject = 초기 패턴 안내
mail-certificate =
    { $name } 님

    { $sentence }

    이름: { $certificate }
    만료: { $ends }
    최근 오류: { $trouble }

    자세한 내용은 관리 페이지의 “게이트웨이 인증서” 또는 “sekisho tls list” 명령으로 확인할 수 있습니다.
mail-certificate-ends-soon = 게이트웨이 인증서가 곧 만료되지만 새 인증서가 아직 없습니다. 만료되면 브라우저가 게이트웨이와 그 뒤의 모든 앱에 대한 연결을 거부합니다.
    .subject = 게이트웨이 인증서가 곧 만료됩니다
mail-certificate-ended = 게이트웨이 인증서가 만료되었지만 새 인증서가 아직 없습니다. 브라우저가 게이트웨이와 그 뒤의 앱에 대한 연결을 거부합니다.
    .subject = 게이트웨이 인증서가 만료되었습니다
mail-certificate-missing = 게이트웨이 인증서를 아직 발급하지 못했습니다. 발급될 때까지 이 이름으로는 게이트웨이를 사용할 수 없습니다.
    .subject = 게이트웨이 인증서가 없습니다
mail-reminder =
    { $name } 님

    { $sentence }

    인증서: { $certificate }
    종료일: { $end }({ $left }일 남음)
    { $url }

    사용자: { $user }
mail-certificate-ending = 사용 중인 인증서가 곧 만료됩니다. 만료된 뒤에는 인증서를 요구하는 앱을 열 수 없습니다. 관리자에게 새 인증서를 요청해 주세요.
    .subject = 인증서가 곧 만료됩니다
mail-certificate-followed = 사용 중인 인증서가 곧 만료되며 새 인증서가 준비되어 있습니다. 종료일 전에 새 인증서를 설치해 주세요. 종료일까지는 두 인증서를 모두 사용할 수 있습니다.
    .subject = 인증서가 곧 만료됩니다: 새 인증서를 설치해 주세요
mail-link-invitation = 계정의 비밀번호와 인증 앱을 설정하려면 다음 주소를 열어 주세요.
    .subject = 계정 설정 안내
mail-link-reset-password = 계정의 새 비밀번호를 설정하려면 다음 주소를 열어 주세요.
    .subject = 새 비밀번호
mail-link-reset-totp = 계정에 새 인증 앱을 설정하려면 다음 주소를 열어 주세요.
    .subject = 새 인증 앱
mail-link-reset-passkey = 계정의 패스키를 만들려면 로그인에 사용할 기기에서 다음 주소를 열어 주세요.
    .subject = 패스키
mail-link-browser = 로그인에 사용할 브라우저를 등록하려면 그 브라우저에서 다음 주소를 열어 주세요.
    .subject = 브라우저 등록
mail-link-approver = 로그인 승인에 사용할 휴대전화를 등록하려면 그 휴대전화에서 다음 주소를 열어 주세요.
    .subject = 휴대전화 등록
