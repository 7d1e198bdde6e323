mail-reminder =
    { $name } 님

    { $sentence }

    인증서: { $certificate }
    종료일: { $end }({ $left }일 남음)
    { $url }

    사용자: { $user }
mail-certificate-ending = 사용 중인 인증서가 곧 만료됩니다. 만료된 뒤에는 인증서를 요구하는 앱을 열 수 없습니다. 관리자에게 새 인증서를 요청해 주세요.
    .subject = 인증서가 곧 만료됩니다
mail-certificate-followed = 사용 중인 인증서가 곧 만료되며 새 인증서가 준비되어 있습니다. 종료일까지 설치해 주세요. 그때까지는 두 인증서를 모두 사용할 수 있습니다.
    .subject = 인증서가 곧 만료됩니다: 새 인증서를 설치해 주세요
