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
problem-directory-unavailable = En este momento no se pueden comprobar todas las contraseñas. Inténtelo de nuevo en unos minutos.
problem-both-needed = En este momento hacen falta dos contraseñas. Introduzca ambas.
problem-cookies-blocked = Su navegador no guarda las cookies de este sitio, así que lo que introdujo se ha perdido. Permítalas e inicie sesión de nuevo.
problem-question-over = La pregunta a su teléfono ha terminado; puede que la pasarela se haya reiniciado. Repita este paso.
problem-slow-down = Demasiados intentos fallidos. Espere { $wait } antes de volver a intentarlo.
why-primary-factor-missing = { $app } pregunta quién es usted.
why-primary-factor-method = { $app } le pide que inicie sesión con su contraseña.
why-primary-factor-unprotected = { $app } mantiene cerrado su formulario de acceso: ábralo desde su teléfono y luego introduzca su contraseña.
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
field-directory-password = Contraseña de Windows
password-both = Por ahora hacen falta las dos: su contraseña de este sitio y la que usa en Windows. Ambas deben ser correctas.
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
transaction-number-type-what = Abra la página de aprobación en su teléfono, compare y escriba este número.
transaction-number-scan-what = Lea este código con la cámara de su teléfono, compare lo que muestra y apruebe.
transaction-others-what = Se espera a quienes deben aprobarlo. Puede dejar esta página abierta o volver más tarde.
transaction-quiet-what = Ahora no suena ningún teléfono: demasiadas preguntas anteriores quedaron sin aprobar. Retírelo y vuelva a intentarlo más tarde.
transaction-quiet-others-what = Ahora se pregunta a muy pocas de las personas que pueden aprobarlo: demasiadas preguntas anteriores quedaron sin aprobar. Puede volver a intentarlo más tarde.
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

## Con el teléfono
push-ask-what = Se preguntará a su teléfono. No hace falta contraseña.
push-ask-submit = Preguntar a mi teléfono
push-use-password = Usar una contraseña
push-use-phone = Usar mi teléfono
push-use-other = Usar otro medio
push-waiting-title = Responda en su teléfono
push-waiting-what = Abra la página de aprobación en su teléfono y apruebe este inicio de sesión.
push-number-what = Abra la página de aprobación en su teléfono y elija allí este número.
push-number-type-what = Abra la página de aprobación en su teléfono y escriba allí este número.
push-number-scan-what = Lea este código con la cámara de su teléfono y apruebe allí.
push-number-instead = Si el teléfono no puede leerlo, abra allí la página de aprobación y escriba este número:
push-number-code = Código QR para su teléfono; el número de abajo sirve igual
push-number-label = Su número:{" "}
push-browser-title = Registrar este navegador con el teléfono
push-browser-what = Su teléfono le pedirá el número que muestra esta página. Entonces este navegador quedará registrado para usted.
push-phone-title = Apruebe en su teléfono
push-phone-what = Este paso se supera aprobándolo en su teléfono.
push-phone-submit = Preguntar a mi teléfono
push-left = Quedan { $count } s
push-left-minutes = Quedan { $count } min
push-no-number = ¿No hay número ni nada en su teléfono? Entonces no hay ningún teléfono registrado con este nombre: un administrador puede enviarle un enlace para registrar uno.
push-cancel = Dejar de esperar
push-again = Preguntar de nuevo
push-denied-title = Denegado
push-denied-what = El inicio de sesión se denegó en el teléfono.
push-expired-title = Sin respuesta
push-expired-what = Nadie respondió a tiempo en el teléfono.
push-cancelled-title = Detenido
push-cancelled-what = Ya no se pregunta al teléfono.
push-superseded-title = Preguntado de nuevo en otro lugar
push-superseded-what = Otra ventana de este navegador ha preguntado al teléfono después. Solo cuenta la última pregunta.

## Los teléfonos de la cuenta
account-approvers = Teléfonos
approvers-what = Estos teléfonos aprueban sus inicios de sesión y abren su formulario de acceso.
approvers-none = No hay ningún teléfono registrado.
approvers-agent = Navegador
approvers-remove = Quitar
approvers-add = Añadir un teléfono
approvers-full = Hay { $count } teléfonos, que es el límite. Quite uno para añadir otro.
approvers-administrators-add = Aquí los teléfonos los añade un administrador: pídale un enlace.
approvers-suspended = Sus aprobaciones están suspendidas. Consulte a un administrador.
approvers-locked = Sus aprobaciones están bloqueadas tras respuestas erróneas. Consulte a un administrador.
notice-approver-removed = El teléfono se ha quitado.
approver-add-title = Añadir un teléfono
approver-add-scan = Escanee esto con el teléfono que aprobará por usted.
approver-add-here = O abra esta dirección en él. Quien la abra primero queda registrado: no se la muestre a nadie.
approver-add-until = Se puede usar una sola vez, hasta
approver-add-approve = Apruébelo en un teléfono ya registrado.
approver-add-over = No se aprobó.
approver-qr-label = Código QR de la dirección de abajo
excluded-title = Uno u otro
excluded-what = Aquí un teléfono y una aplicación de autenticación se excluyen, y usted ya tiene el otro medio.
excluded-do = Quítelo primero o consulte a un administrador.
not-allowed-title = Aquí lo hacen los administradores
not-allowed-what = Solo los administradores añaden o quitan teléfonos.
not-allowed-do = Consulte a un administrador.
too-many-title = No caben más teléfonos
too-many-what = Ya hay registrados tantos teléfonos como se permite.
too-many-do = Quite uno primero.

## El propio teléfono
approver-title = Aprobaciones
approver-needs-script = Esta página guarda una clave que responde por usted y necesita JavaScript.
approver-register-title = Registrar este teléfono
approver-register-what = Aprobará los inicios de sesión de la persona que recibió el enlace. Su clave no sale de este dispositivo.
approver-name = Nombre
approver-register = Registrar
approver-empty = Este teléfono aún no aprueba por nadie.
approver-empty-how = En su ordenador, abra su cuenta, luego Teléfonos, y escanee el código. O abra el enlace que le dio un administrador.
approver-slots = Por quién responder
approver-quiet = Ahora no hay ninguna pregunta.
approver-more = Ajustes de este teléfono
approver-auto = Abrir el formulario de acceso al abrir esta página
approver-auto-what = Por poco tiempo y para una sola contraseña. Si lo desactiva, ábralo con su botón.
approver-rename = Cambiar el nombre
approver-remove = Quitar de este teléfono
approver-remove-sure = Pulse de nuevo para quitar {"{}"}
approver-remove-what = Borrar los datos del navegador no lo quita: seguiría contando.
approver-as = Usuario
approver-app = Hacia
approver-browser = Navegador
approver-address = Desde
approver-asked = Preguntado
approver-choose = ¿Qué número muestra el navegador?
approver-type = El número que muestra el navegador
approver-type-instead = O escriba el número que está debajo del código
approver-digits = Escriba los {"{}"} dígitos.
approver-scan = Lea el código de la otra pantalla con la cámara de este teléfono.
approver-scan-here = Usar la cámara aquí
approver-scan-read = El código está leído. ¿Es esto lo que quiere aprobar?
approver-scan-other = Ese es otro código.
approver-approve = Aprobar
approver-deny = Denegar
approver-not-me = No fui yo
approver-what-sign-in = ¿Iniciar sesión?
approver-what-second = ¿Terminar de iniciar sesión?
approver-what-browser = ¿Registrar este navegador?
approver-what-approver = ¿Añadir otro teléfono?
approver-portal = El portal
approver-left = Quedan {"{}"} s
approver-left-minutes = Quedan {"{}"} min
approver-approved = Aprobado.
approver-denied = Denegado.
approver-wrong-number = Ese no era el número: denegado.
approver-number-missing = Esta página es demasiado antigua para lo que se pide. Vuelva a cargarla y responda entonces.
approver-scan-unknown = Ese código no corresponde a nada de lo que se pide ahora a este teléfono. Si la página de aprobación está instalada, ábrala y escriba el número que está debajo del código.
approver-no-camera = Aquí no se puede usar la cámara. Escriba el número.
approver-told-not-me = Denegado. Se ha avisado a los administradores y durante un día no se preguntará nada desde allí. Cambie su contraseña.
approver-registered = Este teléfono está registrado.
approver-renamed = Nombre cambiado.
approver-removed = Quitado.
approver-open = Formulario de acceso abierto: {"{}"} s, una contraseña
approver-shut = Formulario de acceso cerrado
approver-refused = Intentos rechazados desde la última vez: {"{}"}
approver-release = Abrir el formulario de acceso
approver-release-again = Abrirlo de nuevo
approver-dead-link = Este enlace ya se usó, caducó o nunca existió. Pida otro.
approver-excluded = Hay una aplicación de autenticación registrada y aquí se excluyen. Quítela primero y use de nuevo el enlace.
approver-limit = Ya hay registrados tantos teléfonos como se permite. Quite uno primero y use de nuevo el enlace.
approver-closed = Se respondió en otro teléfono o se retiró.
approver-expired = Se acabó el tiempo.
approver-suspended = Las aprobaciones están suspendidas o bloqueadas. Consulte a un administrador.
approver-not-registered = Este teléfono ya no está registrado para este usuario.
approver-not-allowed = Aquí solo los administradores quitan teléfonos.
approver-offline = No se puede contactar con la pasarela. Reintentando…
approver-fault = No funcionó.
approver-notify = Avisarme cuando esta página esté cerrada
approver-notify-what = Mientras está abierta, siempre avisa al momento.
approver-notified = Este teléfono recibirá avisos.
approver-no-push = Este navegador no puede recibir avisos. Mantenga la página abierta o ábrala al iniciar sesión.

## El marco y la cuenta
month =
    .january = enero
    .february = febrero
    .march = marzo
    .april = abril
    .may = mayo
    .june = junio
    .july = julio
    .august = agosto
    .september = septiembre
    .october = octubre
    .november = noviembre
    .december = diciembre
moment = { $day } de { $month } de { $year }, { $time } { $zone }
ago-now = ahora mismo
ago-minutes = { $count ->
    [one] hace { $count } minuto
   *[other] hace { $count } minutos
}
ago-hours = { $count ->
    [one] hace { $count } hora
   *[other] hace { $count } horas
}
ago-days = { $count ->
    [one] hace { $count } día
   *[other] hace { $count } días
}
frame-administration = Administración
back = Volver
account-nav = Cuenta
account-overview = Resumen
account-sessions = Sesiones
account-browsers = Navegadores registrados
account-password = Contraseña
account-authenticator = Autenticador
account-recovery = Códigos de recuperación
sessions-last-seen = Último uso
browsers-since = Registrado
