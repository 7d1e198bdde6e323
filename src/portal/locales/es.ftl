### Español: lo que aún falta se muestra en inglés.

frame-skip = Saltar al contenido
frame-nav = Menú principal
frame-apps = Aplicaciones
frame-sign-out = Cerrar sesión
frame-language = Idioma
lasting-seconds = { $count ->
    [one] { $count } segundo
   *[other] { $count } segundos
}
lasting-minutes = { $count ->
    [one] { $count } minuto
   *[other] { $count } minutos
}
lasting-hours = { $count ->
    [one] { $count } hora
   *[other] { $count } horas
}
barrier-label = Los seis controles
barrier-here = Control { $number } de 6
check-ip-restriction = Red
check-client-certificate = Certificado
check-desktop-sso = Equipo de trabajo
check-primary-factor = Identidad
check-cookie = Navegador registrado
check-otp = Contraseña de un solo uso
mark-done = : superado
mark-now = : usted está aquí
mark-not-needed = : no hace falta aquí
mark-to-come = : pendiente
mark-stopped = : no superado
step-to = Hacia
step-as = Inicia sesión como
step-holds-post = Lo que envió se está guardando y llegará a su destino en cuanto termine.
problem-label = Problema:{" "}
problem-wrong-credentials = El nombre de usuario y la contraseña no coinciden. Compruébelos e inténtelo de nuevo.
problem-wrong-code = Ese código no es válido en este momento. Espere al siguiente e introdúzcalo.
problem-wrong-recovery-code = Ese no es uno de sus códigos de recuperación sin usar. Cada uno sirve una sola vez.
problem-incomplete = Falta algo. Introduzca el código completo.
problem-busy = Muchas personas están iniciando sesión en este momento. Lo que introdujo no tiene ningún problema: inténtelo de nuevo en unos segundos.
problem-cookies-blocked = Su navegador no guarda las cookies de este sitio, así que lo que introdujo se ha perdido. Permítalas e inicie sesión de nuevo.
problem-slow-down = Demasiados intentos fallidos. Espere { $wait } antes de volver a intentarlo.
why-primary-factor-missing = { $app } pregunta quién es usted.
why-primary-factor-method = { $app } le pide que inicie sesión con su contraseña.
why-primary-factor-too-old = { $app } le pide que confirme su identidad: inició sesión hace algún tiempo.
why-browser-not-registered = { $app } solo admite navegadores registrados, y este aún no lo está.
why-browser-registered-otherwise = { $app } pide que este navegador se registre de otra manera.
why-otp-missing = { $app } pide una contraseña de un solo uso.
why-otp-method = { $app } pide otro tipo de contraseña de un solo uso.
why-otp-too-old = { $app } pide una nueva contraseña de un solo uso: la última es de hace algún tiempo.
why-desktop-sso-missing = { $app } pide el inicio de sesión de su equipo de trabajo.
approver-what-transaction = ¿Aprobar esto?
approver-requester = Solicitado por
approver-hold = Mantener pulsado para aprobar
approver-hold-how = Mantenga pulsado el botón durante un segundo aproximadamente.
approver-hold-again = Púlselo una vez más para aprobar.
approver-shown-otherwise = Lo que se pide no es lo que se mostró aquí: no se ha aprobado nada.
password-title = Iniciar sesión
field-user = Nombre de usuario
field-password = Contraseña
password-submit = Continuar
password-someone-else = ¿No es usted?
otp-title-totp = Contraseña de un solo uso
otp-title-recovery = Código de recuperación
otp-field-totp = Seis dígitos
otp-hint-totp = Abra su aplicación de autenticación e introduzca el código que muestra para esta cuenta.
otp-field-recovery = Uno de sus códigos de recuperación
otp-hint-recovery = De la lista que imprimió o guardó. Cada código sirve una sola vez.
otp-submit = Continuar
otp-use-totp = Usar la aplicación de autenticación
otp-use-recovery = ¿No tiene a mano el autenticador? Use un código de recuperación
try-again = Volver a intentarlo
sign-out-title = Cerrar sesión
sign-out-here = Cerrar sesión
signed-out-title = Ha cerrado la sesión
signed-out-again = Volver a iniciar sesión

transaction-at = En { $app }
transaction-title = { $what }: apruébelo
transaction-not-said = sin indicar
transaction-password-what = Introduzca su contraseña de transacción. Solo entonces se pregunta a su teléfono.
field-transaction-password = Contraseña de transacción
transaction-code-what = Introduzca el código de su aplicación de autenticación para aprobar exactamente lo anterior.
transaction-go-on = Continuar
transaction-approve = Aprobar
transaction-waiting-what = Abra la página de aprobación en su teléfono, compare y apruebe.
transaction-number-what = Abra la página de aprobación en su teléfono, compare y elija este número.
transaction-others-what = Se espera a quienes deben aprobarlo. Puede dejar esta página abierta o volver más tarde.
transaction-yes = { $count } aprobación(es).
transaction-needed = Se necesitan { $count }.
transaction-cancel = Retirar
transaction-back = Volver a { $app }
transaction-wrong-password = Esa no es su contraseña de transacción.
transaction-forwarded-title = Hecho
transaction-forwarded-what = Se aprobó y se envió a { $app }, una sola vez.
transaction-forwarding-title = En camino
transaction-forwarding-what = Se aprobó y está en camino a { $app }. Compruébelo allí antes de repetirlo.
transaction-denied-title = Denegado
transaction-denied-what = Se denegó en un teléfono. { $app } no recibió nada.
transaction-cancelled-title = Retirado
transaction-cancelled-what = Se retiró. { $app } no recibió nada.
transaction-expired-title = No se aprobó a tiempo
transaction-expired-what = Nadie lo aprobó a tiempo. { $app } no recibió nada.
transaction-refused-title = No se envió
transaction-refused-what = Se aprobó, pero al enviarlo su sesión o una aprobación ya no era válida. { $app } no recibió nada.
transaction-not-sent-title = No se envió
transaction-not-sent-what = Se aprobó, pero no se pudo contactar con { $app }. No ocurrió.
transaction-unknown-title = Puede haber ocurrido
transaction-unknown-what = Se envió a { $app }, pero no llegó una respuesta completa. Compruébelo allí antes de repetirlo.
