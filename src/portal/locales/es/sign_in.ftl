## Los seis controles
barrier-label = Los pasos de este inicio de sesión
barrier-here = Paso { $number } de { $count }
check-ip-restriction = Red
    .asks = Solo se abre desde ciertas redes
check-client-certificate = Certificado
    .asks = Pide un certificado de cliente
check-desktop-sso = Equipo de trabajo
    .asks = Pide un equipo de trabajo
check-primary-factor = Identidad
    .asks = Pide iniciar sesión de nuevo
check-cookie = Navegador registrado
    .asks = Pide un navegador registrado
check-otp = Contraseña de un solo uso
    .asks = Pide una contraseña de un solo uso
mark-done = : paso completado
mark-now = : paso actual
mark-to-come = : paso pendiente
mark-stopped = : paso no superado

## En todos los pasos
step-to = Destino:
step-as = Está iniciando sesión como
step-holds-post = Se conserva lo que envió. Se entregará a su destino en cuanto haya iniciado sesión.
step-opened-by-phone = Abra primero este formulario de acceso desde su teléfono y luego introduzca su contraseña. Mientras no esté abierto, incluso la contraseña correcta se indica como incorrecta.
    .some = Algunos usuarios deben abrir primero este formulario de acceso desde su teléfono. Si es su caso, incluso la contraseña correcta se indica como incorrecta mientras no esté abierto.
problem-label = Problema:{" "}
problem-wrong-credentials = El nombre de usuario o la contraseña no son correctos. Compruebe ambos e inténtelo de nuevo.
problem-certificate-of = Este certificado es de { $user }. Inicie sesión como { $user }, o cierre todas las ventanas del navegador y elija otro certificado.
problem-ticket-of = En este equipo tiene la sesión iniciada { $user }. Inicie sesión como { $user } o use su propio equipo.
problem-ticket-used = Los datos que envió su equipo ya se habían usado, por ejemplo porque se interrumpió la conexión. Inténtelo de nuevo.
problem-ticket-clock = El reloj de su equipo y el de la pasarela difieren en más de cinco minutos. Ponga en hora su equipo e inténtelo de nuevo.
problem-ticket-old = El inicio de sesión de su equipo en la red ha caducado. Bloquee y desbloquee el equipo (en Linux: kinit) e inténtelo de nuevo.
problem-ticket-connection = La autenticación de su equipo pertenece a otra conexión. Algo intercepta la conexión entre su navegador y este sitio, o su navegador no puede vincular la autenticación a ella.
problem-ticket-account = La cuenta de su equipo, { $account }, no corresponde a ningún usuario de este sitio.
problem-ticket-no-account = La cuenta de su equipo no corresponde a ningún usuario de este sitio.
problem-ticket-another = En su equipo tiene la sesión iniciada { $account }, que no es el usuario que inicia sesión aquí.
problem-ticket-gateway = La autenticación de los equipos de trabajo no funciona en este momento. Su equipo no tiene ningún problema; avise a su administrador.
problem-wrong-code = Ese código no es correcto o ya no es válido. Espere al siguiente e introdúzcalo.
problem-wrong-recovery-code = Ese no es uno de sus códigos de recuperación sin usar. Cada uno sirve una sola vez.
problem-incomplete = Falta algo. Introduzca el código completo.
problem-busy = En este momento hay demasiadas personas iniciando sesión. No hay ningún problema con lo que introdujo: inténtelo de nuevo en unos segundos.
problem-directory-unavailable = En este momento no se pueden comprobar algunas contraseñas. Inténtelo de nuevo en unos minutos.
problem-directory-down = En este momento no se pueden comprobar las contraseñas de { $domain }. Inténtelo de nuevo en unos minutos o inicie sesión de otra manera.
problem-must-change-there = Su contraseña es correcta, pero debe cambiarla antes de iniciar sesión. Cámbiela en un equipo de su organización o consulte a sus administradores.
problem-both-needed = En este momento hacen falta dos contraseñas. Introduzca ambas.
problem-cookies-blocked = Su navegador no guarda las cookies de este sitio, así que lo que introdujo se ha perdido. Permítalas e inicie sesión de nuevo.
problem-unknown-mail = Ningún proveedor de identidad reconoce esa dirección de correo. Compruébela o inicie sesión de otra manera.
problem-question-over = La solicitud a su teléfono ya no está activa; puede que la pasarela se haya reiniciado. Repita este paso.
problem-slow-down = Demasiados intentos fallidos. Espere { $wait } antes de volver a intentarlo.
why-primary-factor-missing = { $app } necesita verificar su identidad.
why-primary-factor-method = { $app } le pide que inicie sesión de otra manera.
why-primary-factor-unprotected = { $app } mantiene cerrado su formulario de acceso: ábralo desde su teléfono y luego introduzca su contraseña.
why-primary-factor-too-old = { $app } le pide que vuelva a confirmar su identidad: ha pasado algún tiempo desde que inició sesión.
why-browser-not-registered = { $app } solo admite navegadores registrados, y este todavía no está registrado para usted.
why-browser-registered-otherwise = { $app } pide que este navegador se registre de otra manera.
why-browser-not-bound = { $app } solo acepta navegadores que guardan una clave propia, y este no ha mostrado ninguna. Chrome 146 o posterior en Windows guarda una: abra la página allí o registre de nuevo este navegador.
why-otp-missing = { $app } pide una contraseña de un solo uso.
why-otp-method = { $app } pide un tipo de contraseña de un solo uso distinto del que usó.
why-otp-too-old = { $app } pide una nueva contraseña de un solo uso: ha pasado algún tiempo desde que introdujo la última.
why-desktop-sso-missing = { $app } pide la autenticación de su equipo de trabajo.

## Nombre de usuario y contraseña
password-title = Iniciar sesión
field-user = Nombre de usuario
field-domain = Dominio
domain-local = Este sitio
field-password = Contraseña
field-directory-password = Contraseña de Windows
password-both = En este momento hacen falta dos contraseñas: la de este sitio y la que usa en Windows. Ambas deben ser correctas.
password-submit = Continuar
password-someone-else = ¿No es usted?

## Una contraseña de un directorio que hay que cambiar
must-change-title = Elija una contraseña nueva
must-change-what = Debe cambiar su contraseña de { $domain } antes de iniciar sesión. La nueva valdrá en todos los sitios donde la usa.
must-change-done = Se ha cambiado su contraseña
must-change-done-what = A partir de ahora use la contraseña nueva, aquí y en los demás sitios.
must-change-sign-in = Iniciar sesión con la contraseña nueva
directory-password-hint = El directorio tiene sus propias reglas de longitud y caracteres.
password-problem-not-taken = La contraseña nueva no cumple las reglas del directorio. Elija una más larga o una que no haya usado antes.

## Contraseña de un solo uso
otp-title-totp = Contraseña de un solo uso
otp-title-recovery = Código de recuperación
otp-field-totp = Seis dígitos
otp-hint-totp = Abra su aplicación de autenticación e introduzca el código que muestra para esta cuenta.
otp-field-recovery = Uno de sus códigos de recuperación
otp-hint-recovery = De la lista que imprimió o guardó. Cada código sirve una sola vez.
otp-submit = Continuar
otp-use-totp = Usar la aplicación de autenticación
otp-use-recovery = ¿No tiene a mano el autenticador? Use un código de recuperación

## Registrar este navegador
browser-title = Registrar este navegador
browser-how = { $days ->
    [one] Confírmelo con una contraseña de un solo uso. Después quedará registrado durante { $days } día.
   *[other] Confírmelo con una contraseña de un solo uso. Después quedará registrado durante { $days } días.
}
browser-passes-otp = El mismo código vale también para el control siguiente.
browser-field-name = Nombre de este navegador
browser-hint-name = Para que lo reconozca en su lista.
browser-submit = Registrar y continuar
browser-shared-computer = No registre un equipo que también usen otras personas.

## Claves de acceso
passkey-label = Clave de acceso
passkey-title = Use su clave de acceso
passkey-how = Confirme con la huella, el rostro o el PIN de su dispositivo o llave de seguridad.
passkey-how-sign-in = Su clave de acceso le identifica: no hace falta escribir ni el nombre de usuario ni la contraseña.
passkey-how-browser = Confírmelo con su clave de acceso. Después, este navegador queda registrado para usted.
passkey-use = Iniciar sesión con una clave de acceso
passkey-register-browser = Registrar con una clave de acceso y continuar
passkey-use-instead = Usar una clave de acceso
passkey-needs-script = Las claves de acceso necesitan JavaScript, que está desactivado en este navegador. Actívelo para este sitio o use otro método.
passkey-no-script = Si aquí no aparece ningún botón, el script de esta página no se ha cargado. Vuelva a cargar la página o inicie sesión de otra manera.
passkey-not-given = No se usó ninguna clave de acceso: se canceló, tardó demasiado o este dispositivo no tiene ninguna para este sitio.
passkey-insecure = El navegador no permitió usar una clave de acceso aquí. Hay dos causas posibles: su navegador no confía en el certificado de este sitio, o el sitio está abierto con un nombre distinto de aquel para el que se creó la clave de acceso. Avise a su administrador.
passkey-registered-already = Este dispositivo ya está registrado.
passkey-not-supported = Este dispositivo no puede usar el tipo de clave de acceso que se necesita aquí.
passkey-browser-too-old = Este navegador no puede usar claves de acceso. Use uno más reciente u otro método.
passkey-begin-again = Esta página lleva demasiado tiempo abierta. Vuelva a cargarla e inténtelo otra vez.
passkey-slow-down = Demasiadas personas usan claves de acceso desde su red en este momento. Inténtelo de nuevo en un minuto.
passkey-failed = No se pudo usar la clave de acceso. Inténtelo de nuevo.
problem-passkey-refused = No se aceptó esa clave de acceso. Puede que se haya quitado de su cuenta o que su cuenta no pueda iniciar sesión aquí con claves de acceso.
problem-passkey-not-verified = Su dispositivo no comprobó su identidad. Configure en él un PIN, la huella o el rostro e inténtelo de nuevo.
problem-passkey-over = Se tardó demasiado o la página se usó dos veces. Inténtelo de nuevo.
no-passkey-title = Primero necesita una clave de acceso
no-passkey-what = Esta página pide además una clave de acceso, y { $user } todavía no tiene ninguna.
no-passkey-ask = Pida a su administrador un enlace de un solo uso. Con él podrá crear una clave de acceso en su dispositivo y después iniciar sesión aquí.

## Aún sin segundo factor
no-authenticator-title = Primero necesita un autenticador
no-authenticator-what = Su contraseña es correcta. Esta página pide además una contraseña de un solo uso, y { $user } todavía no tiene configurada ninguna aplicación de autenticación.
no-authenticator-enrol-link = Configurar un autenticador
no-authenticator-ask = Pida a su administrador un enlace de un solo uso. Con él podrá configurar una aplicación de autenticación en su teléfono y después iniciar sesión aquí.
no-phone-title = Primero necesita un teléfono registrado
no-phone-what = Esta página pide además una aprobación en el teléfono, y { $user } todavía no tiene ningún teléfono registrado.
no-phone-ask = Pida a su administrador un enlace de un solo uso. Ábralo en su teléfono para registrarlo; después podrá iniciar sesión aquí.
no-second-title = Primero necesita un segundo factor
no-second-what = Esta página pide además un segundo factor: un código de una aplicación de autenticación o una aprobación en el teléfono. { $user } todavía no tiene configurado ninguno de los dos.
no-second-ask = Pida a su administrador un enlace de un solo uso. Con él podrá configurar una aplicación de autenticación o registrar su teléfono, y después iniciar sesión aquí.
phone-rests-title = Su teléfono no puede aprobar en este momento
phone-rests-what = Esta página pide además una aprobación en el teléfono. Las aprobaciones de { $user } están suspendidas o bloqueadas.
phone-rests-ask = Pida a su administrador que las reanude o las desbloquee.
no-second-never-alone = No se puede configurar solo con la contraseña: cualquiera que la averiguara también podría hacerlo.
no-second-administrator = Para administradores: el enlace se crea en la página de este usuario o con { $command }.
phone-rests-administrator = Para administradores: se hace en la página de este usuario o con { $command }.
what-to-do = Qué hacer

## Esperar un poco
slow-down-title = Espere un poco
slow-down-wait = Podrá volver a intentarlo en { $wait }.
slow-down-why = Hubo demasiados inicios de sesión fallidos desde su red. Hasta entonces no se acepta ninguno, ni siquiera con la contraseña correcta.
slow-down-do = Si no fue usted, avise a su administrador.
slow-down-returns-why = Demasiados inicios de sesión con cuentas de empresa han quedado sin completar desde su red. Probablemente no se deba a nada que usted haya hecho: puede que falle el inicio de sesión de la empresa. Los demás métodos de inicio de sesión siguen funcionando.
slow-down-returns-do = No tiene que hacer nada. Espere e inténtelo de nuevo; si continúa, avise a su administrador.
try-again = Volver a intentarlo

## Caducado
expired-title = Este inicio de sesión ya no está activo
expired-what = Se tardó demasiado o se completó en otra pestaña. No se ha perdido nada: empiece de nuevo.
go-to-app = Ir a { $app }
go-to-launcher = Ir a sus aplicaciones

## Lo que se envió no se guardó
not-kept-title = Lo que envió no llegó
not-kept-too-large = { $app } le pide que inicie sesión, y lo que envió era demasiado grande para guardarlo mientras tanto. { $app } no ha recibido nada.
not-kept-foreign = { $app } le pide que inicie sesión, y lo que envió procedía de una página de otro sitio. Esos datos no se guardan. { $app } no ha recibido nada.
not-kept-expired = { $app } le pidió que iniciara sesión, y lo que envió no se pudo guardar tanto tiempo. { $app } no ha recibido nada.
not-kept-full = { $app } le pide que inicie sesión, y lo que envió no se pudo guardar porque en este momento ya se guarda demasiado. { $app } no ha recibido nada.
not-kept-unsaid = { $app } le pide que inicie sesión, y lo que envió no se pudo guardar mientras tanto. { $app } no ha recibido nada.
not-kept-sign-in = Inicie sesión y envíelo de nuevo a { $app }. Si era un formulario, puede que el botón Atrás de su navegador conserve lo que escribió.
not-kept-do = Ya ha iniciado sesión. Vuelva a { $app } y envíelo de nuevo.

## Proveedores de identidad
idp-choice = Con la cuenta de su empresa
idp-use = Iniciar sesión con { $provider }
idp-down = { $provider } no responde en este momento. Puede que no se pueda iniciar sesión allí; su cuenta no tiene ningún problema.
idp-mail = Correo del trabajo
idp-mail-submit = Continuar
idp-again = Volver a intentarlo
idp-other = Iniciar sesión de otra manera
idp-called = Su nombre en el proveedor:
idp-unavailable = { $provider } no responde
    .what = No se puede contactar con { $provider } en este momento, así que nadie puede iniciar sesión allí.
    .do = Su cuenta no tiene ningún problema. Inténtelo de nuevo en unos minutos o inicie sesión de otra manera.
idp-denied = No se completó el inicio de sesión en { $provider }
    .what = { $provider } no completó el inicio de sesión: se canceló, o su cuenta de ese proveedor no puede usarse en este sitio.
    .do = Inténtelo de nuevo. Si se repite, pregunte a los responsables de { $provider } si su cuenta puede usar este sitio.
idp-set-up = Hay un problema en la conexión con { $provider }
    .what = La configuración de este sitio y la de { $provider } no coinciden. No se debe a nada que usted haya hecho.
    .do = Avise a su administrador, con el código y el ID de petición de abajo.
idp-not-believed = No se aceptó la respuesta de { $provider }
    .what = No se pudo verificar la respuesta de { $provider }. Por seguridad no se inició ninguna sesión.
    .do = Inténtelo una vez más. Si se repite, avise a su administrador, con el código y el ID de petición de abajo.
idp-not-enough = Falta una comprobación en { $provider }
    .what = Inició sesión en { $provider }, pero no con la seguridad que pide este sitio, por ejemplo sin segundo factor.
    .do = Configure un segundo factor en { $provider } o elija allí el método más seguro e inténtelo de nuevo.
idp-not-fresh = { $provider } no volvió a pedirle que iniciara sesión
    .what = Este paso necesita un nuevo inicio de sesión, y { $provider } no lo confirma.
    .do = Cierre la sesión en { $provider } e inténtelo de nuevo. Si el problema continúa, inicie sesión de otra manera o avise a su administrador.
idp-no-account = No tiene ninguna cuenta en este sitio
    .what = Inició sesión en { $provider }, pero este sitio no tiene ninguna cuenta que le corresponda.
    .do = Pida una cuenta a su administrador. Si inició sesión con otra cuenta, cierre la sesión en { $provider } e inténtelo de nuevo.
idp-no-name = No se puede crear su cuenta
    .what = Inició sesión en { $provider }, pero no se puede crear aquí una cuenta con el nombre de allí: ya está en uso o no es válido.
    .do = Pida a su administrador que vincule su cuenta.
idp-not-assigned = Su cuenta inicia sesión de otra manera
    .what = Inició sesión en { $provider }, pero su cuenta de este sitio no admite el inicio de sesión con cuentas de empresa.
    .do = Inicie sesión de otra manera o pida a su administrador que le asigne este método.
idp-other-person = Esa es otra cuenta
    .what = Confirmó con una cuenta de { $provider } que no es la de la sesión que tiene iniciada aquí.
    .do = Elija la cuenta correcta en { $provider } o cierre antes la sesión aquí.
idp-taken = Esa cuenta está vinculada a otro usuario
    .what = La cuenta de { $provider } con la que inició sesión ya está vinculada a otro usuario de este sitio. No se ha cambiado nada.
    .do = Inicie sesión en { $provider } con su propia cuenta o pida a su administrador que quite el otro vínculo.
idp-refused = Su cuenta no puede usarse aquí
    .what = Inició sesión en { $provider }, pero en este momento su cuenta no puede usarse desde aquí.
    .do = Avise a su administrador, con el código y el ID de petición de abajo.
idp-another-browser = Este inicio de sesión empezó en otro lugar
    .what = Ha vuelto de { $provider } en un navegador o una ventana distintos de aquellos en los que empezó, o su navegador no guarda las cookies de este sitio.
    .do = Permita las cookies de este sitio y empiece de nuevo en este navegador.
idp-over = Este inicio de sesión ya no está activo
    .what = Se tardó demasiado en { $provider }, o no corresponde a ningún inicio de sesión de este sitio.
    .do = Empiece de nuevo.
idp-unsolicited = Este inicio de sesión empezó en { $provider }
    .what = Inició sesión en { $provider } y desde allí llegó aquí, pero este sitio no lo había solicitado. Por seguridad, este sitio no acepta inicios de sesión que no haya solicitado.
    .do = Empiece aquí: lo más probable es que { $provider } no le pida de nuevo sus datos.
## Equipo de trabajo
ticket-title = Equipo de trabajo
ticket-none = Los equipos con la sesión iniciada en la red de su organización se identifican automáticamente. En el suyo no se ha podido comprobar.
ticket-do-unlock = Bloquee y desbloquee el equipo, o vuelva a iniciar sesión en él con su cuenta de trabajo (en Linux: kinit).
ticket-do-browser = Use un navegador que su organización haya configurado para este sitio.
ticket-elsewhere = Solo es posible desde la red de su organización. Conéctese a ella y abra la página de nuevo.
ticket-again = Volver a intentarlo

## Navegadores aprobados por un administrador
device-title = Solicitar el uso de este navegador
device-what = Para su cuenta solo valen los navegadores aprobados por un administrador. Solicite el uso de este; en cuanto se apruebe, podrá continuar.
device-hint-name = Para que usted y su administrador lo reconozcan.
device-field-note = Nota para su administrador
device-hint-note = Por ejemplo, dónde o para qué usa este navegador. Puede dejarla vacía.
device-submit = Solicitar
device-called = Navegador solicitado:
device-said = Su administrador dice:
device-pending-title = Su solicitud está pendiente
device-pending-what = Un administrador aprobará o rechazará este navegador. Esta página continuará automáticamente en cuanto lo decida.
device-pending-do = Puede cerrar esta página e iniciar sesión más tarde con el mismo navegador. Si es urgente, consulte a su administrador.
device-rejected-title = Este navegador fue rechazado
device-rejected-what = Un administrador rechazó su solicitud, así que este navegador no se puede usar aquí. Use otro navegador que esté aprobado, o hable con su administrador y vuelva a solicitarlo.
device-revoked-title = Este navegador ya no está aprobado
device-revoked-what = La aprobación que tenía se revocó o caducó. Si todavía necesita este navegador, vuelva a solicitarlo.
device-use-other = Registrar este navegador de otra manera
device-apply-instead = Pedir la aprobación de un administrador
problem-devices-wait = Ya tiene varias solicitudes pendientes. Espere a que un administrador decida.
problem-device-later = Este navegador se rechazó hace poco. Podrá volver a solicitarlo en { $wait }.
