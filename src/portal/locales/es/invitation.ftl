## Invitación
invitation-steps = Tres cosas que configurar
invitation-step-password = Contraseña
invitation-step-authenticator = Autenticador
invitation-step-recovery = Códigos de recuperación
step-user = Nombre de usuario:
welcome-title = Le damos la bienvenida
welcome-heading = Le damos la bienvenida, { $name }
welcome-what = Ha recibido una invitación a { $organisation }. Hay que configurar tres cosas; se tarda unos cinco minutos. Tenga a mano su teléfono.
welcome-plan-password = Elija una contraseña.
welcome-plan-authenticator = Configure una aplicación de autenticación en su teléfono.
welcome-plan-recovery = Guarde sus códigos de recuperación, por si pierde el teléfono.
welcome-begin = Empezar
welcome-expires = Este enlace sirve una sola vez, hasta el
set-password-title = Elija una contraseña
set-password-why = Es mejor larga que complicada: unas cuantas palabras sin relación entre sí forman una buena contraseña. Puede usar un gestor de contraseñas.
set-password-submit = Establecer la contraseña
field-new-password = Contraseña nueva
field-new-password-hint = { $count ->
    [one] Al menos { $count } carácter. Se admiten espacios y cualquier letra.
   *[other] Al menos { $count } caracteres. Se admiten espacios y cualquier letra.
}
field-again = Repita la contraseña nueva
password-problem-wrong-current = Esa no es su contraseña actual.
password-problem-too-short = { $count ->
    [one] La contraseña nueva es demasiado corta: necesita al menos { $count } carácter.
   *[other] La contraseña nueva es demasiado corta: necesita al menos { $count } caracteres.
}
password-problem-too-long = { $count ->
    [one] La contraseña nueva es demasiado larga: se acepta como máximo { $count } carácter.
   *[other] La contraseña nueva es demasiado larga: se aceptan como máximo { $count } caracteres.
}
password-problem-not-the-same = Las dos contraseñas no coinciden. Escriba dos veces la contraseña nueva.
password-problem-as-before = Esa es su contraseña actual. Elija otra.
password-problem-too-common = Esa contraseña es fácil de adivinar. Elija una menos común que no contenga su nombre.
enrol-title = Configure un autenticador
enrol-why = A partir de ahora, una aplicación de su teléfono le muestra un código nuevo cada 30 segundos: su contraseña de un solo uso.
enrol-replaces = El nuevo autenticador sustituye al actual. El anterior deja de funcionar en cuanto usted confirme.
enrol-scan = Abra una aplicación de autenticación en su teléfono y escanee esta imagen.
enrol-qr-label = Código QR con la clave para su aplicación de autenticación
enrol-open = Abrir en la aplicación de este dispositivo
    .what = Para una aplicación de autenticación en este mismo dispositivo. Si no se abre nada, copie la clave de abajo.
copy = Copiar
    .done = Copiado.
    .failed = No se ha podido copiar. El texto está seleccionado: cópielo a mano.
enrol-by-hand = ¿No puede escanear? Introduzca la clave a mano
enrol-key = Clave
enrol-account = Cuenta
enrol-kind = Tipo
enrol-kind-value = Basado en tiempo, 6 dígitos, 30 segundos
enrol-field-code = Introduzca los seis dígitos que muestra ahora la aplicación
enrol-submit = Confirmar
enrol-problem-wrong-code = Ese código no corresponde a esta clave. Compruebe que la fecha y la hora de su teléfono se ajustan automáticamente e introduzca el código siguiente.
recovery-codes-title = Guarde sus códigos de recuperación
recovery-codes-why = Si pierde su teléfono, uno de estos códigos le permite entrar. Cada uno sirve una sola vez.
recovery-codes-once = Solo se muestran ahora. Guárdelos donde guarda otras cosas de valor, no en el mismo teléfono.
recovery-codes-save = Guardar como archivo de texto
recovery-codes-print = O imprima esta página: solo se imprimen los códigos.
recovery-codes-kept = Ya los he guardado
recovery-codes-file = Códigos de recuperación de { $organisation }
done-title = Todo listo
done-what = Su cuenta está lista. Inicie sesión una vez con su nueva contraseña y un código de su teléfono.
done-sign-in = Ir al inicio de sesión
dead-link-title = Este enlace ya no sirve
dead-link-used = Ya se ha usado. Cada enlace sirve una sola vez.
dead-link-expired = Ha caducado.
dead-link-unknown = Este enlace no se reconoce. Puede estar incompleto o haberse anulado.
dead-link-do = Pida un enlace nuevo a su administrador. Si no lo usó usted, indíqueselo.
printed-title = Acceso para { $name }
printed-invitation-what = Con esta hoja puede abrir su cuenta en { $organisation }. Configúrela usted; nadie más necesita ver la hoja.
printed-reset-what = Con esta hoja puede configurar de nuevo su acceso a { $organisation }.
printed-qr-label = Código QR con el enlace
printed-scan = Escanee la imagen con su teléfono o escriba esta dirección en su equipo:
printed-until = Sirve una sola vez, hasta el
printed-keep = Cualquiera que tenga esta hoja puede usarla. No se la dé a nadie y destrúyala cuando haya acabado.
printed-how = Imprima esta página y entréguela en persona. El enlace no se vuelve a mostrar.
back = Volver

## Un navegador
link-browser-what = Su administrador le dio este enlace para que este navegador quede registrado para usted.
link-browser-lasts = { $days ->
    [one] Queda registrado durante { $days } día.
   *[other] Queda registrado durante { $days } días.
}
link-browser-submit = Registrar este navegador
