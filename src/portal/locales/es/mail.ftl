## Mensajes por correo. Cada uno va en el idioma de quien lo lee, o en inglés y japonés si no se conoce.
## «mail-account» y «mail-link» son los mensajes; los demás son las frases que contienen, con su asunto.

mail-account =
    Hola, { $name }:

    { $sentence }

    Usuario: { $user }
    Fecha y hora: { $time }
    Dirección: { $address }

    Si no fue usted, avise de inmediato a sus administradores.
mail-link =
    Hola, { $name }:

    { $sentence }

    { $url }

    La dirección se puede usar una sola vez, hasta el { $until }. No se la dé a nadie.

    Usuario: { $user }
mail-new-place = Se inició sesión con su cuenta desde una red que no se había usado recientemente ({ $browser }).
    .subject = Inicio de sesión desde un lugar nuevo
mail-browser-registered = Se registró un navegador para su cuenta: «{ $browser }».
    .subject = Se registró un navegador
mail-browser-forgotten = El navegador «{ $browser }» ya no está registrado y se han cerrado sus sesiones.
    .subject = Se quitó un navegador registrado
mail-password-changed = Se cambió su contraseña y se han cerrado sus demás sesiones.
    .subject = Se cambió su contraseña
mail-pattern-set = Se estableció un patrón para su cuenta.
    .subject = Se estableció su patrón
mail-transaction-password-set = Se estableció la contraseña que piden sus transacciones.
    .subject = Se estableció su contraseña de transacción
mail-password-set-by-link = Se estableció su contraseña mediante un enlace de un solo uso.
    .subject = Se estableció su contraseña
mail-authenticator-set-up = Se configuró una aplicación de autenticación para su cuenta.
    .subject = Se configuró un autenticador nuevo
mail-authenticator-replaced = Se sustituyó su aplicación de autenticación por una nueva.
    .subject = Se configuró un autenticador nuevo
mail-authenticator-set-up-by-link = Se configuró una aplicación de autenticación para su cuenta mediante un enlace de un solo uso.
    .subject = Se configuró un autenticador nuevo
mail-authenticator-removed = Se quitaron de su cuenta la aplicación de autenticación y sus códigos de recuperación.
    .subject = Se quitó su autenticador
mail-recovery-codes-renewed = Se crearon códigos de recuperación nuevos para su cuenta. Los anteriores ya no sirven.
    .subject = Se crearon códigos de recuperación nuevos
mail-approver-registered = Se registró un teléfono para aprobar sus inicios de sesión: «{ $phone }».
    .subject = Se registró un teléfono
mail-approver-removed = El teléfono «{ $phone }» ya no aprueba sus inicios de sesión.
    .subject = Se quitó un teléfono
mail-passkey-added = Se añadió a su cuenta la clave de acceso «{ $passkey }».
    .subject = Se añadió una clave de acceso
mail-passkey-added-by-link = Se añadió a su cuenta la clave de acceso «{ $passkey }» mediante un enlace de un solo uso.
    .subject = Se añadió una clave de acceso
mail-passkey-removed = Se quitó la clave de acceso «{ $passkey }» y se han cerrado las demás sesiones iniciadas con ella.
    .subject = Se quitó una clave de acceso
mail-identity-linked = Se vinculó a su cuenta una cuenta de «{ $provider }»: a partir de ahora se puede iniciar sesión con ella.
    .subject = Se vinculó una cuenta de empresa
mail-identity-unlinked = Se quitó el vínculo de su cuenta con «{ $provider }» y se han cerrado las demás sesiones iniciadas con él.
    .subject = Se quitó una cuenta de empresa
mail-device-approved = Su administrador ha aprobado el navegador «{ $browser }». Inicie sesión con él como siempre.
    .subject = Se aprobó su navegador
mail-device-rejected = Su administrador ha rechazado su solicitud para el navegador «{ $browser }», que no se puede usar para iniciar sesión. Si lo necesita, consulte a su administrador.
    .subject = Se rechazó su solicitud
mail-device-revoked = Su administrador ha revocado la aprobación del navegador «{ $browser }». Se han cerrado sus sesiones. Si todavía lo necesita, vuelva a solicitarlo la próxima vez que inicie sesión.
    .subject = Se revocó la aprobación de su navegador
mail-device-applied = El usuario { $who } solicita el uso de un navegador. Apruébelo o rechácelo en la administración, en «Dispositivos». La dirección de abajo es la del origen de la solicitud.
    .subject = Un usuario solicita el uso de un navegador
mail-somebody-else-asked = Usted denegó un inicio de sesión y respondió que no había sido usted. No se inició ninguna sesión. Cambie ahora su contraseña.
    .subject = Alguien intentó iniciar sesión con su cuenta
mail-user-denied-sign-in = El usuario { $who } denegó un inicio de sesión en el teléfono y respondió que no era suyo. No se inició ninguna sesión.
    .subject = Un usuario informó de un inicio de sesión que no era suyo
mail-pattern =
    Hola, { $name }:

    { $sentence }

    ★ Inicio de sesión con un patrón

    1. Abra esta dirección: { $url }

    2. Escriba su nombre de usuario y, si se puede elegir un dominio, elíjalo.
       Usuario: { $user }
       Dominio: { $domain }

    3. Lea la contraseña en la tabla de la pantalla: los dígitos de las casillas numeradas, por orden de número. ※ es una casilla que no se lee.

    { $drawing }

       A continuación de los dígitos, escriba: { $phrase }

    4. Elija su propio patrón: introdúzcalo tres veces, cada vez con una tabla nueva.

    El primer patrón se puede usar hasta el { $until }. No se lo enseñe a nadie.
mail-pattern-issued = Este es su primer patrón.
    .subject = Su primer patrón
mail-certificate =
    Hola, { $name }:

    { $sentence }

    Nombres: { $certificate }
    Caduca: { $ends }
    Último problema: { $trouble }

    La página «Certificados de la pasarela» de la administración muestra más detalles, igual que «sekisho tls list».
mail-certificate-ends-soon = Un certificado de la pasarela caduca pronto y todavía no hay ninguno nuevo. Cuando caduque, los navegadores rechazarán la pasarela y todas las aplicaciones que hay detrás de ella.
    .subject = Un certificado de la pasarela caduca pronto
mail-certificate-ended = Un certificado de la pasarela ha caducado y todavía no hay ninguno nuevo. Los navegadores rechazan la pasarela y las aplicaciones que hay detrás de ella.
    .subject = Un certificado de la pasarela ha caducado
mail-certificate-missing = Todavía no se ha podido emitir un certificado de la pasarela. Hasta que se emita, la pasarela no atiende nada con estos nombres.
    .subject = Falta un certificado de la pasarela
mail-reminder =
    Hola, { $name }:

    { $sentence }

    Certificado: { $certificate }
    Último día: { $end } (días restantes: { $left })
    { $url }

    Usuario: { $user }
mail-certificate-ending = Su certificado caduca pronto. Cuando caduque, las aplicaciones que lo piden no se abrirán. Pida uno nuevo a su administrador.
    .subject = Su certificado caduca pronto
mail-certificate-followed = Su certificado caduca pronto y el nuevo está listo. Instálelo antes del último día: hasta entonces son válidos los dos.
    .subject = Su certificado caduca pronto: instale el nuevo
mail-link-invitation = Para configurar una contraseña y una aplicación de autenticación para su cuenta, abra esta dirección:
    .subject = Su cuenta
mail-link-reset-password = Para establecer una contraseña nueva para su cuenta, abra esta dirección:
    .subject = Una contraseña nueva
mail-link-reset-totp = Para configurar una aplicación de autenticación nueva para su cuenta, abra esta dirección:
    .subject = Un autenticador nuevo
mail-link-reset-passkey = Para crear una clave de acceso para su cuenta, abra esta dirección en el dispositivo con el que inicia sesión:
    .subject = Una clave de acceso
mail-link-browser = Para registrar el navegador con el que iniciará sesión, abra esta dirección en él:
    .subject = Su navegador
mail-link-approver = Para registrar el teléfono con el que aprobará sus inicios de sesión, abra esta dirección en él:
    .subject = Su teléfono
