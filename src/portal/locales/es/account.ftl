## Cuenta
account-nav = Cuenta
account-title = Su cuenta
account-overview = Resumen
account-sessions = Sesiones
account-browsers = Navegadores registrados
account-password = Contraseña
account-authenticator = Autenticador
account-recovery = Códigos de recuperación
account-email = Correo
account-groups = Grupos
account-identity = Inicio de sesión con { $provider }
account-set = Último cambio:
account-none = Sin configurar
account-codes-left = { $count ->
    [0] No queda ningún código
    [one] Queda { $count } código
   *[other] Quedan { $count } códigos
}
account-sessions-count = { $count ->
    [1] Solo esta
   *[other] { $count } en este momento
}
account-browsers-count = { $count ->
    [0] Ninguno
    [one] { $count } navegador
   *[other] { $count } navegadores
}
this-one = Actual
bound-one = No se puede copiar
never = nunca
cancel = Cancelar
notice-password-changed = Se ha cambiado su contraseña. Se han cerrado sus demás sesiones.
notice-session-ended = Se ha cerrado la sesión y, con ella, todo lo que estaba abierto en ella.
notice-others-ended = { $count ->
    [one] Se ha cerrado otra sesión.
   *[other] Se han cerrado otras { $count } sesiones.
}
notice-browser-forgotten = Ese navegador ya no está registrado y se han cerrado sus sesiones.
notice-authenticator-added = Su autenticador está configurado.
notice-authenticator-removed = Se ha quitado el autenticador.
notice-recovery-codes-made = Tiene códigos de recuperación nuevos. Los anteriores ya no sirven.
notice-few-recovery-codes = { $count ->
    [one] Solo queda { $count } código de recuperación.
   *[other] Solo quedan { $count } códigos de recuperación.
}
notice-no-recovery-codes = No tiene códigos de recuperación. Si pierde su teléfono, no podrá iniciar sesión.
notice-new-sign-in = Se inició sesión con su cuenta desde un lugar nuevo: { $address }.
notice-link-recovery = Crear códigos nuevos
notice-link-sessions = Ver sus sesiones
sessions-what = Todos los lugares donde tiene la sesión iniciada. Si no reconoce alguno, cierre esa sesión y cambie su contraseña.
sessions-last-seen = Último uso
sessions-since = Inicio de sesión
sessions-end = Cerrar
sessions-end-others = Cerrar todas las demás sesiones
browsers-what = Algunas aplicaciones solo se abren en navegadores que usted ha registrado. Quite los que ya no use.
browsers-none = No tiene ningún navegador registrado. La aplicación que necesite uno se lo pedirá.
browsers-since = Registrado
browsers-until = Hasta
browsers-way = Mediante
browsers-forget = Quitar
browser-way-number = número confirmado en el teléfono
browser-way-admin = un administrador
browser-way-otp = contraseña de un solo uso
browser-way-link = enlace de un solo uso
change-password-title = Cambiar su contraseña
change-password-what = Se cerrarán todas sus demás sesiones. Esta sigue abierta.
change-password-submit = Cambiar la contraseña
field-current-password = Contraseña actual
directory-password-title = Cambiar su contraseña de { $domain }
directory-password-what = La contraseña se cambia en el propio directorio y vale en todos los sitios donde la usa. Se cerrarán todas sus demás sesiones de este sitio. Esta sigue abierta.
directory-password-link = Cambiar su contraseña de { $domain }
authenticator-what = Una aplicación de su teléfono que muestra un código nuevo cada 30 segundos.
authenticator-none = No hay ningún autenticador configurado. Todavía no puede abrir las aplicaciones que piden una contraseña de un solo uso.
authenticator-app = Aplicación de autenticación
authenticator-since = Configurado
authenticator-replace = Sustituir por uno nuevo
authenticator-remove = Quitar
authenticator-remove-hint = Sin autenticador no podrá abrir las aplicaciones que piden una contraseña de un solo uso. También se quitarán sus códigos de recuperación.
authenticator-stays = Su organización exige un autenticador, así que se puede sustituir, pero no quitar.
recovery-what = Por si pierde su teléfono: cada uno de estos códigos sustituye a una contraseña de un solo uso.
recovery-made = Creados:
recovery-new-hint = Los códigos nuevos sustituyen a los anteriores y se muestran una sola vez.
recovery-new = Crear códigos nuevos
recovery-needs-authenticator = Los códigos de recuperación sustituyen a un autenticador. Configure uno primero.
fresh-title = Confirme su identidad
fresh-what = { $count ->
    [one] Lo que quiere cambiar protege su cuenta. Para ello debe haber iniciado sesión en el último minuto.
   *[other] Lo que quiere cambiar protege su cuenta. Para ello debe haber iniciado sesión en los últimos { $count } minutos.
}
fresh-then = Después volverá directamente a donde estaba.
fresh-go = Confirmar
another-factor-title = Para esto no basta una contraseña
another-factor-what = Lo que quiere cambiar protege su cuenta. Solo se puede cambiar con un segundo factor o con un enlace de un solo uso de un administrador, y usted no tiene ningún segundo factor que se acepte aquí.
another-factor-do = Pida a su administrador un enlace de un solo uso. Con él podrá configurar una aplicación de autenticación o un teléfono, y después cambiar directamente todo lo demás.
demanded-title = El autenticador no se puede quitar
demanded-what = Una aplicación que usted puede abrir pide una contraseña de un solo uso, así que su autenticador no se puede quitar.
demanded-do = Si tiene un teléfono nuevo, sustituya el autenticador en lugar de quitarlo.

## Claves de acceso
account-passkeys = Claves de acceso
passkeys-what = Con una clave de acceso inicia sesión mediante la huella, el rostro o el PIN de su dispositivo. Nadie puede adivinarla y solo funciona en este sitio.
passkeys-none = Todavía no tiene ninguna clave de acceso.
passkeys-other-domain = ya no se puede usar
passkeys-since = Añadida
passkeys-copies = Copias
passkey-copies-none = solo en un dispositivo
passkey-copies-may = puede copiarse a sus otros dispositivos
passkey-copies-are = se copia a sus otros dispositivos
passkeys-model = Modelo
passkeys-rename = Cambiar el nombre
passkeys-rename-submit = Guardar el nombre
passkey-field-name = Nombre de la clave de acceso
passkey-hint-name = Para que la reconozca en su lista.
passkeys-remove = Quitar
passkeys-remove-hint = Quite la clave de acceso de un dispositivo que haya perdido. Las demás sesiones iniciadas con ella se cierran de inmediato. Si es la última, asegúrese de que tiene otra manera de iniciar sesión.
passkeys-add = Añadir una clave de acceso
passkeys-not-accepted = En este momento ninguna aplicación acepta aquí claves de acceso, así que no se puede añadir ninguna.
passkey-create = Crear una clave de acceso
passkey-not-made = No se creó ninguna clave de acceso: se canceló o tardó demasiado.
enrol-passkey-title = Crear una clave de acceso
enrol-passkey-why = Se crea para { $user } en este dispositivo, o en un teléfono o una llave de seguridad que ofrezca su navegador.
passkey-too-many = Se ha alcanzado el número máximo de claves de acceso. Quite una primero.
passkey-unavailable = Para esta dirección no se pueden crear claves de acceso. Avise a su administrador.
passkey-model-refused = Su organización solo acepta ciertos modelos de llaves de seguridad, y esta no es uno de ellos.
passkey-synced-refused = Esta clave de acceso se copiaría a otros dispositivos, y su organización no lo permite. Use una llave de seguridad o la clave de acceso de este dispositivo.
notice-passkey-added = Se ha añadido la clave de acceso. A partir de ahora puede iniciar sesión con ella.
notice-passkey-renamed = Se ha cambiado el nombre de la clave de acceso.
notice-passkey-removed = Se ha quitado la clave de acceso. Ya no se puede usar.

## Cuentas de empresa
account-identities = Cuentas de empresa
account-identities-count = { $count ->
    [0] Ninguna vinculada
    [one] { $count } vinculada
   *[other] { $count } vinculadas
}
identities-what = Cuentas de proveedores de identidad con las que puede iniciar sesión aquí.
identities-none = Su cuenta no está vinculada a ninguna cuenta de empresa.
identities-person = Cuenta externa
identities-since = Vinculada
identities-remove = Quitar
identities-remove-hint = Después ya no podrá iniciar sesión con la cuenta externa, y las demás sesiones iniciadas con ella se cierran de inmediato.
identities-add = Vincular una cuenta de { $provider }
identities-add-hint = Iniciará sesión allí una vez más, para que no se vincule por error la cuenta de otra persona.
identities-not-assigned = Su cuenta de este sitio no admite el inicio de sesión con cuentas de empresa, así que no se puede vincular ninguna. Su administrador puede cambiarlo.
last-way-title = Es su última manera de iniciar sesión
last-way-what = Sin este vínculo ya no podría iniciar sesión, así que no se puede quitar.
last-way-do = Configure antes otra manera: una clave de acceso, un teléfono o un vínculo con otra cuenta de empresa. O consulte a su administrador.
notice-identity-linked = La cuenta está vinculada. A partir de ahora puede iniciar sesión con ella.
notice-identity-linked-already = Esa cuenta ya estaba vinculada a la suya.
notice-identity-unlinked = Se ha quitado el vínculo. Ya no se puede iniciar sesión con esa cuenta.
account-pattern = Patrón
notice-pattern-changed = Se ha cambiado su patrón. Se han cerrado sus demás sesiones.
