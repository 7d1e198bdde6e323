## 계정
account-nav = 계정
account-title = 내 계정
account-overview = 개요
account-sessions = 세션
account-browsers = 등록된 브라우저
account-password = 비밀번호
account-authenticator = 인증 앱
account-recovery = 복구 코드
account-email = 메일
account-groups = 그룹
account-identity = { $provider } 로그인
account-set = 설정됨:
account-none = 설정되지 않음
account-codes-left =
    { $count ->
        [0] 남은 코드 없음
       *[other] 코드 { $count }개 남음
    }
account-sessions-count = { $count ->
    [1] 이 세션만
   *[other] 현재 { $count }개
}
account-browsers-count =
    { $count ->
        [0] 없음
       *[other] { $count }개
    }
this-one = 현재 사용 중
bound-one = 복사 불가
never = 없음
cancel = 돌아가기
notice-password-changed = 비밀번호를 변경했습니다. 다른 세션은 종료되었습니다.
notice-session-ended = 세션을 종료했습니다. 그 세션에서 열려 있던 것도 모두 닫혔습니다.
notice-others-ended = 다른 세션 { $count }개를 종료했습니다.
notice-browser-forgotten = 브라우저의 등록을 해제했으며, 그 브라우저의 세션은 종료되었습니다.
notice-authenticator-added = 인증 앱을 연결했습니다.
notice-authenticator-removed = 인증 앱을 삭제했습니다.
notice-recovery-codes-made = 새 복구 코드를 만들었습니다. 이전 코드는 더 이상 사용할 수 없습니다.
notice-few-recovery-codes = 복구 코드가 { $count }개만 남았습니다.
notice-no-recovery-codes = 복구 코드가 없습니다. 휴대전화를 잃어버리면 로그인할 수 없게 됩니다.
notice-new-sign-in = 새로운 위치({ $address })에서 이 계정으로 로그인이 있었습니다.
notice-link-recovery = 새로 만들기
notice-link-sessions = 세션 확인
sessions-what = 현재 로그인되어 있는 모든 곳입니다. 모르는 세션이 있으면 종료하고 비밀번호를 변경해 주세요.
sessions-last-seen = 마지막 사용
sessions-since = 로그인
sessions-end = 종료
sessions-end-others = 다른 세션 모두 종료
browsers-what = 일부 앱은 등록된 브라우저에서만 열립니다. 더 이상 사용하지 않는 브라우저는 등록을 해제해 주세요.
browsers-none = 등록된 브라우저가 없습니다. 등록이 필요한 앱을 열 때 안내가 표시됩니다.
browsers-since = 등록
browsers-until = 유효 기한
browsers-way = 등록 방법
browsers-forget = 등록 해제
browser-way-number = 휴대전화에서 숫자 확인
browser-way-admin = 관리자 승인
browser-way-otp = 일회용 비밀번호
browser-way-link = 일회용 링크
change-password-title = 비밀번호 변경
change-password-what = 다른 세션은 모두 종료됩니다. 이 세션은 유지됩니다.
change-password-submit = 비밀번호 변경
field-current-password = 현재 비밀번호
directory-password-title = { $domain } 비밀번호 변경
directory-password-what = 디렉터리의 비밀번호 자체가 변경되며, 이 비밀번호를 쓰는 모든 곳에 적용됩니다. 이 사이트의 다른 세션은 모두 종료됩니다. 이 세션은 유지됩니다.
directory-password-link = 대신 { $domain } 비밀번호 변경
authenticator-what = 휴대전화의 앱에 30초마다 새 코드가 표시됩니다.
authenticator-none = 인증 앱이 설정되지 않았습니다. 일회용 비밀번호가 필요한 앱은 아직 열 수 없습니다.
authenticator-app = 인증 앱
authenticator-since = 연결
authenticator-replace = 새 인증 앱으로 교체
authenticator-remove = 삭제
authenticator-remove-hint = 인증 앱을 삭제하면 일회용 비밀번호가 필요한 앱을 열 수 없습니다. 복구 코드도 함께 삭제됩니다.
authenticator-stays = 조직에서 인증 앱을 요구하므로, 교체할 수는 있지만 삭제할 수는 없습니다.
recovery-what = 휴대전화를 잃어버렸을 때를 위한 코드입니다. 코드 하나로 일회용 비밀번호를 한 번 대신할 수 있습니다.
recovery-made = 만든 시각:
recovery-new-hint = 새로 만들면 이전 코드는 사용할 수 없게 되며, 새 코드는 한 번만 표시됩니다.
recovery-new = 새로 만들기
recovery-needs-authenticator = 복구 코드는 인증 앱을 대신하는 것입니다. 먼저 인증 앱을 설정해 주세요.
fresh-title = 본인 확인이 필요합니다
fresh-what = 계정을 보호하는 설정을 변경하려고 합니다. 변경하려면 최근 { $count }분 이내에 로그인한 상태여야 합니다.
fresh-then = 확인이 끝나면 원래 화면으로 돌아갑니다.
fresh-go = 확인
another-factor-title = 비밀번호만으로는 변경할 수 없습니다
another-factor-what = 계정을 보호하는 설정을 변경하려고 합니다. 2차 인증 요소 또는 관리자의 일회용 링크로만 변경할 수 있는데, 여기에서 사용할 수 있는 2차 인증 요소가 아직 없습니다.
another-factor-do = 관리자에게 일회용 링크를 요청해 주세요. 그 링크로 인증 앱이나 휴대전화를 설정하면 나머지는 모두 직접 변경할 수 있습니다.
demanded-title = 인증 앱을 삭제할 수 없습니다
demanded-what = 사용할 수 있는 앱 중에 일회용 비밀번호를 요구하는 앱이 있어 인증 앱을 삭제할 수 없습니다.
demanded-do = 휴대전화를 바꾼 경우에는 삭제하지 말고 새 인증 앱으로 교체해 주세요.

## 패스키
account-passkeys = 패스키
passkeys-what = 패스키를 사용하면 기기의 지문, 얼굴 또는 PIN으로 로그인할 수 있습니다. 아무도 추측할 수 없으며, 이 사이트에서만 사용됩니다.
passkeys-none = 아직 패스키가 없습니다.
passkeys-other-domain = 더 이상 사용할 수 없음
passkeys-since = 추가
passkeys-copies = 복사 여부
passkey-copies-none = 한 기기에만 저장됨
passkey-copies-may = 다른 기기에 복사될 수 있음
passkey-copies-are = 다른 기기에 복사됨
passkeys-model = 모델
passkeys-rename = 이름 변경
passkeys-rename-submit = 이름 저장
passkey-field-name = 패스키 이름
passkey-hint-name = 목록에서 알아볼 수 있는 이름입니다.
passkeys-remove = 삭제
passkeys-remove-hint = 잃어버린 기기의 패스키는 삭제해 주세요. 그 패스키로 로그인한 다른 곳의 세션은 즉시 종료됩니다. 마지막 패스키라면 다른 로그인 방법이 있는지 확인해 주세요.
passkeys-add = 패스키 추가
passkeys-not-accepted = 지금은 패스키를 사용할 수 있는 앱이 없어 추가할 수 없습니다.
passkey-create = 패스키 만들기
passkey-not-made = 패스키가 만들어지지 않았습니다. 취소되었거나 시간이 너무 오래 걸렸습니다.
enrol-passkey-title = 패스키 만들기
enrol-passkey-why = { $user } 님의 패스키를 이 기기, 또는 브라우저가 제안하는 휴대전화나 보안 키에 만듭니다.
passkey-too-many = 패스키가 한도까지 등록되어 있습니다. 먼저 하나를 삭제해 주세요.
passkey-unavailable = 이 주소에서는 패스키를 만들 수 없습니다. 관리자에게 알려 주세요.
passkey-model-refused = 조직에서 허용하는 보안 키 모델이 아닙니다.
passkey-synced-refused = 이 패스키는 다른 기기에 복사되므로 조직에서 허용하지 않습니다. 보안 키나 이 기기에만 저장되는 패스키를 사용해 주세요.
notice-passkey-added = 패스키를 추가했습니다. 이제부터 이 패스키로 로그인할 수 있습니다.
notice-passkey-renamed = 패스키의 이름을 변경했습니다.
notice-passkey-removed = 패스키를 삭제했습니다. 이 패스키는 더 이상 사용할 수 없습니다.

## 회사 계정
account-identities = 회사 계정
account-identities-count =
    { $count ->
        [0] 연결 없음
       *[other] { $count }개 연결됨
    }
identities-what = 이 사이트에 로그인할 때 사용할 수 있는 ID 공급자의 계정입니다.
identities-none = 연결된 회사 계정이 없습니다.
identities-person = 공급자 계정
identities-since = 연결
identities-remove = 연결 해제
identities-remove-hint = 연결을 해제하면 그 계정으로는 더 이상 로그인할 수 없으며, 그 계정으로 로그인한 다른 곳의 세션은 즉시 종료됩니다.
identities-add = { $provider } 계정 연결
identities-add-hint = 다른 사람의 계정이 잘못 연결되지 않도록 그곳에서 한 번 더 로그인합니다.
identities-not-assigned = 이 계정은 회사 계정 로그인을 사용하지 않으므로 연결할 수 없습니다. 관리자가 변경할 수 있습니다.
last-way-title = 마지막 로그인 방법입니다
last-way-what = 이 연결을 해제하면 로그인할 수 없게 되므로 해제할 수 없습니다.
last-way-do = 먼저 패스키, 휴대전화, 다른 회사 계정 연결 등 다른 방법을 설정해 주세요. 또는 관리자에게 문의해 주세요.
notice-identity-linked = 계정을 연결했습니다. 이제부터 그 계정으로 로그인할 수 있습니다.
notice-identity-linked-already = 이미 연결되어 있는 계정입니다.
notice-identity-unlinked = 연결을 해제했습니다. 그 계정으로는 더 이상 로그인할 수 없습니다.
account-pattern = 패턴
notice-pattern-changed = 패턴을 변경했습니다. 다른 세션은 종료되었습니다.
