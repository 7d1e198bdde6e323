## La administración

frame-administration = Administración
admin-yes = Sí
admin-no = No

## Áreas: la navegación y el encabezado de cada lista

admin-overview = Resumen
admin-users = Usuarios
    .about = Todos los usuarios, cómo inicia sesión cada uno y cuántos teléfonos tiene. Seleccione usuarios para aplicar una acción a varios a la vez.
    .empty = Todavía no hay usuarios.
admin-phones = Teléfonos
    .about = Los teléfonos que aprueban y el usuario para el que está registrado cada uno.
    .empty = Todavía no hay ningún teléfono registrado.
admin-approvals = Aprobaciones pendientes
    .about = Lo que se está solicitando en los teléfonos. Esta lista se actualiza sola.
    .empty = En este momento no se solicita nada en ningún teléfono.
admin-transactions = Transacciones
    .about = Peticiones que se retuvieron hasta su aprobación y cómo terminaron. Primero las más recientes.
    .empty = Todavía no se ha retenido ninguna petición.
    .waiting = Transacciones en espera
admin-login-protect = Protección de acceso
    .about = Un formulario de acceso protegido no acepta ninguna contraseña hasta que su usuario lo abre desde el teléfono. Queda abierto durante un tiempo breve (un minuto, salvo que la configuración indique otra cosa) y para una sola contraseña.
    .empty = Todavía ninguna política protege su formulario de acceso. Para empezar, genere un ID de servicio e indíquelo en una política.
    .disabled = Desactivada en todas partes
    .services = { $count ->
        [0] Ningún formulario está protegido
        [one] { $count } servicio
       *[other] { $count } servicios
    }
    .without-phone = { $count ->
        [0] Todos los usuarios tienen teléfono.
        [one] { $count } usuario no tiene teléfono, y sin él no puede abrir un formulario protegido.
       *[other] { $count } usuarios no tienen teléfono, y sin él no pueden abrir un formulario protegido.
    }
    .show-users = Mostrar estos usuarios
admin-sessions = Sesiones
    .about = Quién tiene la sesión iniciada, desde qué dirección y con qué factores.
    .empty = Nadie tiene la sesión iniciada.
admin-groups = Grupos
    .about = Grupos de usuarios. Las políticas, las redes y las aprobaciones se asignan a grupos; el nombre lleva a la lista de usuarios, el número a los miembros.
    .empty = Todavía no hay ningún grupo.
admin-networks = Redes
    .about = Las redes desde las que se puede abrir una aplicación o desde las que pueden acceder los miembros de un grupo o un usuario. La dirección debe figurar en todas las listas que se apliquen, además de cumplir lo que diga el archivo de configuración. Una aplicación, un grupo o un usuario sin lista no tiene aquí ninguna restricción.
    .empty = Todavía no hay ninguna lista de redes: no hay restricciones por lista.
admin-outbox = Bandeja de salida
    .about = Mensajes a los usuarios: los enviados por correo y los que están en espera. Si no hay servidor de correo, muestre aquí el mensaje y entréguelo usted.
    .empty = No hay ningún mensaje.
admin-tokens = Tokens de API
    .about = Los tokens con los que los programas administran la pasarela. Cada uno se muestra una sola vez, al crearlo.
    .empty = No hay ningún token de API.
admin-devices = Dispositivos
    .about = Los usuarios con la designación de dispositivos activada solo inician sesión con navegadores aprobados aquí. Las solicitudes más antiguas aparecen primero. La designación se activa para cada usuario en la lista de usuarios.
    .waiting = Solicitudes de navegadores
    .empty = Todavía nadie ha solicitado el uso de un navegador.
admin-browsers = Navegadores
    .about = Los navegadores registrados para los usuarios.
    .empty = Todavía no hay ningún navegador registrado.
admin-identity-providers = Proveedores de identidad
    .about = Dónde inician sesión las personas de otras organizaciones y de la suya, y cuál es el estado de cada proveedor. Su configuración está en el archivo de configuración.
    .empty = La configuración no indica ningún proveedor de identidad.
admin-directories = Directorios
    .about = Los directorios que comprueban contraseñas y el estado de cada uno. Su configuración está en el archivo de configuración.
    .empty = La configuración no indica ningún directorio.
admin-tls = Certificados de la pasarela
    .about = Los certificados que esta pasarela presenta a los navegadores y cuándo caduca cada uno. Su configuración está en el archivo de configuración.
    .empty = No se puede leer ningún certificado.
admin-certificate-results = Comprobaciones de certificados
    .about = Cómo terminó para cada usuario la comprobación de certificados de cliente y por qué no se superó. Si una política solo observa, aquí se ve quién perdería el acceso.
    .empty = Todavía no se ha comprobado ningún certificado.
admin-crls = Listas de revocación
    .about = Las listas de certificados revocados por otras autoridades de certificación y si cada una está al día. Su origen está en el archivo de configuración.
    .empty = La configuración no indica ninguna lista de revocación.
admin-locks = Bloqueos
    .about = Nombres y redes bloqueados tras intentos fallidos. Cada bloqueo termina por sí solo.
    .empty = No hay nada bloqueado.
admin-audit = Registro de auditoría
    .about = Lo que ha ocurrido, primero lo más reciente.
    .empty = Todavía no se ha registrado nada.
admin-audit-keys = Claves públicas
    .about = Las claves públicas con las que se verifican las firmas de esta pasarela: las de las aserciones a las aplicaciones y las de los comprobantes de las transacciones.
admin-audit-keys-file = Guardar las claves como archivo (JWKS)
admin-audit-key = Clave
admin-audit-algorithm = Algoritmo
admin-explain = Explicar acceso
    .about = Qué resultado daría cada uno de los seis controles para una petición y qué líneas de la configuración lo determinan. Con ello no se concede ningún acceso.
admin-explain-address = Dirección o aplicación
admin-explain-address-hint = Lo que abre un navegador, como https://wiki.example.com/admin, o el nombre de una aplicación. portal es el portal; portal/admin, esta administración.
admin-explain-from = De dónde viene la petición
admin-explain-user-hint = Quién ha iniciado sesión. Vacío: nadie.
admin-explain-proved = Factores ya superados
admin-explain-proved-hint = Por ejemplo: password, totp. Con antigüedad: totp@2h. Para un control: otp:push.
admin-explain-method = Método HTTP
admin-explain-certificate = Certificado de cliente (PEM)
admin-explain-browser = Navegador registrado
admin-explain-browser-hint = El ID de un navegador registrado de este usuario. Vacío: un navegador no registrado. Tras introducir un usuario y pulsar Explicar, aquí se pueden elegir sus navegadores.
admin-explain-button = Explicar
admin-explain-pass = Se permite
admin-explain-hold = Se permite, a la espera de su propia aprobación
admin-explain-ask = Se pide autenticación adicional
admin-explain-refuse = Se rechaza
admin-explain-identity = La aplicación recibe
admin-explain-policy = Política
admin-explain-config = Configuración
admin-explain-reading = También se lee como
admin-explain-check = Control
admin-explain-demands = Exige
admin-explain-lines = Líneas
admin-explain-ok = Se supera
admin-explain-observed = No se superaría; solo se observa
admin-explain-not-applicable = No se pide
admin-explain-not-evaluated = Sin evaluar
admin-explain-fail = No se supera
admin-settings = Ajustes
    .about = Ajustes que se pueden cambiar mientras la pasarela funciona. Todo lo demás está en el archivo de configuración.
    .saved = Se ha guardado el ajuste.

## El aviso en todas las páginas

admin-banner-disabled = La protección de acceso está desactivada: todos los formularios de acceso están abiertos.

## Listas

admin-search = Buscar
admin-search-clear = Mostrar todo
admin-search-none = No se encontró nada.
admin-search-any = Cualquiera
admin-search-user = Usuario
admin-search-text = Nombre o correo
admin-search-group = Grupo
admin-search-without-phone = Usuarios sin teléfono
admin-search-event = Evento
admin-search-shown = Texto del contenido mostrado
admin-search-since = Desde
admin-search-until = Hasta
admin-search-result = Nombre o sujeto
admin-list-select = Seleccionar
admin-list-action = Acción
admin-list-scope = Aplicar a
admin-list-scope-selected = Los usuarios marcados en esta página
admin-list-scope-all = Todos los usuarios que encuentra la búsqueda, en todas las páginas
admin-list-continue = Continuar
admin-list-nothing-selected = No se ha hecho nada. Seleccione antes al menos una fila.
admin-list-pages = Páginas
admin-list-first = Primera página
admin-list-next = Página siguiente
admin-column-user = Usuario
admin-column-name = Nombre
admin-column-groups = Grupos
admin-column-methods = Métodos
admin-column-state = Estado
admin-column-phone = Teléfono
admin-column-question = Solicitud
admin-column-app = Aplicación
admin-column-browser = Navegador
admin-column-number = Coincidencia de números
admin-column-asked = Solicitado
admin-column-evidence = Factores usados
admin-column-way = Método de registro
admin-column-step = Paso
admin-column-network = Red
admin-column-until = Hasta
admin-column-created = Creación
admin-column-transaction = Transacción
admin-column-requester = Solicitante
admin-column-shown = Contenido mostrado
admin-column-certificate = Certificado
admin-result-passed = Superado
admin-result-refused = Rechazado
admin-result-would-be-refused = Se rechazaría
admin-result-none = No presentado
admin-column-at = Fecha y hora
admin-column-event = Evento
admin-column-outcome = Resultado
admin-column-address = Dirección
admin-column-note = Nota
admin-column-recipient = Correo
admin-column-subject = Asunto
admin-column-written = Creación
admin-column-members = Miembros
admin-column-owner = Propietario
admin-search-mail = Usuario, correo o asunto
admin-search-certificate = Nombre, número de serie o huella digital
admin-search-words = Nombre
admin-outbox-waits = En espera
admin-outbox-failed = No se pudo enviar
admin-outbox-mailed = Enviado
admin-outbox-error = Respuesta del servidor de correo
admin-outbox-secret = El texto puede contener un enlace de un solo uso que abre la cuenta. En el registro de auditoría queda constancia de que se mostró.
admin-outbox-show = Mostrar el texto
admin-field-language = Idioma
admin-field-invite = Crear una invitación: un enlace de un solo uso para configurar una contraseña y un autenticador
admin-field-allow = Solo desde estas redes
admin-field-deny = No desde estas redes
admin-field-factor = Qué se ha perdido
admin-field-everything = Todo, también los teléfonos y navegadores
admin-field-description = Descripción
admin-field-label = Finalidad
admin-field-scopes = Permisos
admin-field-lifetime = Validez
admin-hint-user = Letras, dígitos y . _ - @ + ', como máximo 64.
admin-hint-language = Por ejemplo, ja o en. Puede quedar vacío.
admin-hint-allow = Una red o dirección por línea, IPv4 o IPv6. Vacío: desde cualquier lugar. Lo que sigue a # se guarda como nota.
admin-hint-deny = Una red o dirección por línea.
admin-hint-lifetime = Por ejemplo, 90d, que también se aplica si queda vacío.
admin-form-not-done = No se ha podido realizar.
admin-made-token = Este es el token. Cópielo ahora: no se volverá a mostrar.
admin-search-members = Miembros de
admin-many = Varios usuarios a la vez
    .about = Hace lo mismo para todos los usuarios de una lista o para todos los miembros de un grupo. En el registro de auditoría queda cada uno como si se hubiera hecho por separado.
admin-many-users-hint = Nombres de usuario, uno por línea o separados por comas.
admin-many-group = Y todos los miembros de
admin-many-only-without = Para patrones: omitir a los usuarios que ya tienen uno
admin-many-csv = Recibir el resultado como archivo (CSV) en lugar de página
admin-many-asks = Esto quita algo a cada uno de los usuarios indicados aquí. Para confirmar, pulse de nuevo.
admin-many-once = Los enlaces y patrones de abajo se muestran solo esta vez.
admin-many-secret = Enlace o patrón
admin-many-not-done = No realizado
admin-many-notice-mailed = La hoja se está enviando por correo.
admin-many-notice-kept = Imprima la hoja y entréguesela al usuario.
admin-user-links = Enlaces de un solo uso
admin-user-link-until = hasta el
admin-link-invitation = Invitación
admin-link-password = Establecer una contraseña nueva
admin-link-authenticator = Configurar un autenticador nuevo
admin-link-passkey = Crear una clave de acceso nueva
admin-link-browser = Registrar un navegador
admin-link-phone = Registrar un teléfono
admin-network-list = Lista de redes
    .about = Las peticiones desde otros lugares se rechazan a partir de la próxima, y las conexiones abiertas se cierran en menos de un segundo. IPv4 e IPv6 se indican por separado.
admin-network-new = Añadir una lista
admin-network-of = Se aplica a
admin-network-kind = Tipo
admin-network-app = Aplicación
admin-network-group = Grupo
admin-network-user = Usuario
admin-network-remarks = Observaciones
admin-network-see = Revise la lista
admin-network-search = Nombre, red, nota o dirección
admin-network-here = Usted accede desde:
admin-network-name-hint = El nombre de la aplicación, del grupo o del usuario. portal es el portal con sus páginas de aplicaciones y de cuenta; portal/admin, esta administración.
admin-network-save = Guardar la lista
admin-network-saved = Se ha guardado la lista.
admin-network-asks = Esta lista no incluye la dirección desde la que usted accede: su acceso se rechazaría de inmediato. Para confirmar, pulse de nuevo.
admin-network-asks-administration = Esta lista se aplica a esta administración y rechaza a todos los que no estén en la lista. Para confirmar, pulse de nuevo.
admin-network-ends = No hay ninguna línea: al guardar, la lista actual se elimina y ya no restringe a nadie. Para confirmar, pulse de nuevo.
admin-network-changed = No se ha guardado: la lista actual no es la que se mostró con este formulario. Compare las dos; para sustituirla por la suya, guárdela de nuevo.
admin-network-present = La lista actual
admin-network-no-list = No hay ninguna lista.
admin-network-no-app = La configuración no tiene ninguna aplicación con este nombre, así que la lista no restringe a nadie. Créela para la aplicación con su nombre actual y después elimínela aquí.
admin-network-no-name = la configuración ya no tiene redes con este nombre, o nunca las tuvo. No permite el acceso a nadie; en la lista de denegación, o como única línea que permite, rechaza a todos.
admin-network-names = Redes con nombre en la configuración. Una línea puede ser uno de estos nombres:
admin-network-within = la primera está dentro de la segunda y no añade nada.
admin-network-denied = la primera está permitida y se encuentra dentro de la segunda, que está denegada: nadie puede acceder desde allí.
admin-network-no-ipv6 = No se permite ninguna red IPv6. Las peticiones por IPv6 se rechazan.
admin-network-no-ipv4 = No se permite ninguna red IPv4. Las peticiones por IPv4 se rechazan.
admin-form-add-user = Añadir un usuario
    .about = Un usuario nuevo empieza con una contraseña de este sitio o con una invitación.
    .done = Se ha añadido el usuario.
admin-form-change-user = Cambiar nombres y dirección
    .about = El nombre que ven los demás y la dirección a la que llega el correo. Un campo vacío borra el dato.
    .done = Se ha cambiado.
admin-form-set-groups = Cambiar grupos
    .about = El usuario es miembro exactamente de los grupos elegidos.
    .done = Se han cambiado los grupos.
admin-form-set-methods = Cambiar los métodos de inicio de sesión
    .about = Los factores principales que puede usar este usuario. Lo que se abrió con un método que se quita se cierra.
    .done = Se han cambiado los métodos de inicio de sesión.
admin-form-set-networks = Cambiar redes
    .about = Desde dónde puede acceder este usuario, aunque una aplicación permita más redes. Se aplica a partir de la próxima petición.
    .asks = Estas redes no incluyen aquella desde la que usted accede: perdería el acceso de inmediato. Para confirmar, pulse de nuevo.
    .done = Se han cambiado las redes.
admin-form-reset-factor = Restablecer un factor perdido
    .about = Se quita lo que se perdió y se crea un enlace de un solo uso para configurarlo de nuevo. Las sesiones se cierran, salvo en el caso de una contraseña de transacción.
    .asks = El factor anterior deja de funcionar de inmediato. Para confirmar, pulse de nuevo.
    .done = Se ha quitado.
admin-form-add-group = Añadir un grupo
    .about = Los miembros se añaden en las páginas de los usuarios.
    .done = Se ha añadido el grupo.
admin-form-issue-token = Crear un token de API
    .about = Un programa lo envía como Authorization: Bearer. No le dé más permisos de los que necesita.
    .done = Se ha creado el token.
admin-column-applied = Solicitado
admin-column-decided = Decidido por
admin-device-pending = Pendiente
admin-device-approved = Aprobado
admin-device-rejected = Rechazado
admin-device-revoked = Revocado
admin-device-reason = Unas palabras para el usuario
admin-device-reason-hint = Se muestran en el próximo inicio de sesión con este navegador. Puede dejarlo vacío.
admin-user-devices = Designación de dispositivos
admin-user-certificates = Certificados de cliente
admin-certificates-required = Obligatorios
admin-certificates-by-group = Obligatorios por un grupo
admin-certificates-accepted = Aceptados
admin-certificates-refused = Rechazados
admin-certificates-refused-in-group = Rechazados, aunque un grupo los exige
admin-certificates-of-members = Obligatorios para todos los miembros
admin-certificates-of-each = Según el ajuste de cada miembro
admin-on = Activada
admin-off = Desactivada
admin-column-actor = Realizado por
admin-column-refusal = Motivo
admin-column-organisation = ID de organización
admin-column-service = ID de servicio
admin-user-enabled = Activado
admin-user-disabled = Desactivado
admin-phone-active = Activo
admin-phone-suspended = Suspendido
admin-phone-locked = Bloqueado
admin-phone-none = No hay ningún teléfono registrado.
admin-step-first = Primer factor
admin-step-second = Segundo factor
admin-step-transaction = Transacción
admin-step-network = Toda la red
admin-event-done = Realizado
admin-event-refused = Rechazado
admin-list-details = Detalles

## Acciones: en el botón, antes de confirmar y una vez realizadas

admin-confirm-more = { $count ->
    [one] y { $count } más
   *[other] y { $count } más
}
admin-confirm-unseen = { $count ->
    [one] { $count } de ellos todavía no ha presentado un certificado válido. Quien no pueda presentar uno perderá el acceso en la próxima petición:
   *[other] { $count } de ellos todavía no han presentado un certificado válido. Quien no pueda presentar uno perderá el acceso en la próxima petición:
}
admin-action-assign-push = Permitir el inicio de sesión con el teléfono
    .confirm = { $count ->
        [one] Este usuario podrá iniciar sesión mediante una aprobación en el teléfono.
       *[other] Estos { $count } usuarios podrán iniciar sesión mediante una aprobación en el teléfono.
    }
    .done = { $count ->
        [one] { $count } usuario puede ahora iniciar sesión con el teléfono.
       *[other] { $count } usuarios pueden ahora iniciar sesión con el teléfono.
    }
admin-action-unassign-push = Revocar el inicio de sesión con el teléfono
    .confirm = { $count ->
        [one] Este usuario ya no podrá iniciar sesión con el teléfono. Se quitan todos sus teléfonos, y los navegadores que se registraron con un número deben registrarse de nuevo.
       *[other] Estos { $count } usuarios ya no podrán iniciar sesión con el teléfono. Se quitan todos sus teléfonos, y los navegadores que se registraron con un número deben registrarse de nuevo.
    }
    .done = { $count ->
        [one] { $count } usuario ya no puede iniciar sesión con el teléfono. Se han quitado sus teléfonos.
       *[other] { $count } usuarios ya no pueden iniciar sesión con el teléfono. Se han quitado sus teléfonos.
    }
admin-action-invite-phone = Enviar un enlace para registrar un teléfono
    .confirm = { $count ->
        [one] Este usuario recibe un enlace por correo. Se puede usar una sola vez.
       *[other] Cada uno de estos { $count } usuarios recibe un enlace por correo. Se puede usar una sola vez.
    }
    .done = { $count ->
        [one] Se ha creado { $count } enlace.
       *[other] Se han creado { $count } enlaces.
    }
admin-action-suspend-approvals = Suspender las aprobaciones
    .confirm = { $count ->
        [one] No se podrá aprobar nada para este usuario hasta que se reanuden las aprobaciones. Los teléfonos siguen registrados; las aprobaciones pendientes se anulan.
       *[other] No se podrá aprobar nada para estos { $count } usuarios hasta que se reanuden las aprobaciones. Los teléfonos siguen registrados; las aprobaciones pendientes se anulan.
    }
    .done = { $count ->
        [one] Se han suspendido las aprobaciones de { $count } usuario.
       *[other] Se han suspendido las aprobaciones de { $count } usuarios.
    }
admin-action-resume-approvals = Reanudar las aprobaciones
    .confirm = { $count ->
        [one] Los teléfonos de este usuario podrán aprobar de nuevo.
       *[other] Los teléfonos de estos { $count } usuarios podrán aprobar de nuevo.
    }
    .done = { $count ->
        [one] Se han reanudado las aprobaciones de { $count } usuario.
       *[other] Se han reanudado las aprobaciones de { $count } usuarios.
    }
admin-action-unlock-approvals = Desbloquear las aprobaciones
    .confirm = { $count ->
        [one] Se quita el bloqueo causado por respuestas incorrectas de este usuario.
       *[other] Se quitan los bloqueos causados por respuestas incorrectas de estos { $count } usuarios.
    }
    .done = { $count ->
        [one] Se han desbloqueado las aprobaciones de { $count } usuario.
       *[other] Se han desbloqueado las aprobaciones de { $count } usuarios.
    }
admin-action-unregister-phones = Quitar todos los teléfonos
    .confirm = { $count ->
        [one] Se quitan todos los teléfonos de este usuario. Un teléfono debe registrarse de nuevo antes de poder aprobar.
       *[other] Se quitan todos los teléfonos de estos { $count } usuarios. Un teléfono debe registrarse de nuevo antes de poder aprobar.
    }
    .done = { $count ->
        [one] Se han quitado los teléfonos de { $count } usuario.
       *[other] Se han quitado los teléfonos de { $count } usuarios.
    }
admin-action-sign-out = Cerrar todas las sesiones
    .confirm = { $count ->
        [one] La sesión de este usuario se cierra de inmediato en todas partes.
       *[other] Las sesiones de estos { $count } usuarios se cierran de inmediato en todas partes.
    }
    .done = { $count ->
        [one] Se han cerrado las sesiones de { $count } usuario.
       *[other] Se han cerrado las sesiones de { $count } usuarios.
    }
admin-action-disable-user = Desactivar
    .confirm = { $count ->
        [one] Se cierran las sesiones de este usuario, que no podrá iniciar sesión hasta que se active de nuevo.
       *[other] Se cierran las sesiones de estos { $count } usuarios, que no podrán iniciar sesión hasta que se activen de nuevo.
    }
    .done = { $count ->
        [one] Se ha desactivado { $count } usuario.
       *[other] Se han desactivado { $count } usuarios.
    }
admin-action-enable-user = Activar
    .confirm = { $count ->
        [one] Este usuario podrá iniciar sesión de nuevo.
       *[other] Estos { $count } usuarios podrán iniciar sesión de nuevo.
    }
    .done = { $count ->
        [one] Se ha activado { $count } usuario.
       *[other] Se han activado { $count } usuarios.
    }
admin-action-remove-phone = Quitar el teléfono
    .confirm = { $count ->
        [one] Con este teléfono ya no se podrá aprobar para su usuario, salvo que se registre de nuevo.
       *[other] Con estos { $count } teléfonos ya no se podrá aprobar para sus usuarios, salvo que se registren de nuevo.
    }
    .done = { $count ->
        [one] Se ha quitado { $count } teléfono.
       *[other] Se han quitado { $count } teléfonos.
    }
admin-action-remove-transaction-password = Quitar la contraseña de transacción
    .confirm = { $count ->
        [one] Este usuario no podrá aprobar transacciones que piden la contraseña hasta que establezca una nueva en la página de su cuenta. Las sesiones siguen abiertas.
       *[other] Estos { $count } usuarios no podrán aprobar transacciones que piden la contraseña hasta que establezcan una nueva en la página de su cuenta. Las sesiones siguen abiertas.
    }
    .done = { $count ->
        [one] Se ha quitado la contraseña de transacción de { $count } usuario.
       *[other] Se han quitado las contraseñas de transacción de { $count } usuarios.
    }
admin-action-reset-passkeys = Quitar las claves de acceso y enviar un enlace
    .confirm = { $count ->
        [one] Se quitan todas las claves de acceso de este usuario y se cierran todas sus sesiones. Con un enlace de un solo uso se crea una clave nueva.
       *[other] Se quitan todas las claves de acceso de estos { $count } usuarios y se cierran todas sus sesiones. Con un enlace de un solo uso, cada usuario crea una clave nueva.
    }
    .done = { $count ->
        [one] Se han quitado las claves de acceso de { $count } usuario.
       *[other] Se han quitado las claves de acceso de { $count } usuarios.
    }
admin-action-remove-passkey = Quitar la clave de acceso
    .confirm = { $count ->
        [one] Su usuario ya no podrá iniciar sesión con esta clave de acceso. Lo que abrió se cierra; las demás claves de acceso del usuario se mantienen.
       *[other] Sus usuarios ya no podrán iniciar sesión con estas { $count } claves de acceso. Lo que abrieron se cierra; las demás claves de acceso de los usuarios se mantienen.
    }
    .done = { $count ->
        [one] Se ha quitado { $count } clave de acceso.
       *[other] Se han quitado { $count } claves de acceso.
    }
admin-action-unlink-identity = Quitar el vínculo
    .confirm = { $count ->
        [one] Ya no se podrá iniciar sesión aquí con esta cuenta de un proveedor de identidad. Se cierran las sesiones que abrió.
       *[other] Ya no se podrá iniciar sesión aquí con estas { $count } cuentas de proveedores de identidad. Se cierran las sesiones que abrieron.
    }
    .done = { $count ->
        [one] Se ha quitado { $count } vínculo.
       *[other] Se han quitado { $count } vínculos.
    }
admin-action-unlink-directory = Desvincular la entrada del directorio
    .confirm = { $count ->
        [one] El próximo inicio de sesión vincula a este usuario con la entrada del directorio que entonces tenga su nombre. Se cierran las sesiones que abrió el directorio.
       *[other] El próximo inicio de sesión vincula a cada uno de estos { $count } usuarios con la entrada del directorio que entonces tenga su nombre. Se cierran las sesiones que abrió el directorio.
    }
    .done = { $count ->
        [one] Se ha desvinculado la entrada del directorio de { $count } usuario.
       *[other] Se han desvinculado las entradas del directorio de { $count } usuarios.
    }
admin-action-test-provider = Leer ahora sus documentos
    .confirm = { $count ->
        [one] Se leen ahora los documentos de este proveedor.
       *[other] Se leen ahora los documentos de estos { $count } proveedores.
    }
    .done = Se ha consultado al proveedor. Abajo se muestra su estado actual.
admin-action-replace-account-key = Sustituir la clave de la cuenta en la autoridad de certificación
    .confirm = { $count ->
        [one] La cuenta en la autoridad de certificación de este certificado recibe una clave nueva.
       *[other] Las cuentas en las autoridades de certificación de estos { $count } certificados reciben una clave nueva.
    }
    .done = Se ha sustituido la clave de la cuenta.
admin-action-renew-certificate = Solicitar ahora uno nuevo
    .confirm = { $count ->
        [one] Se solicita un certificado nuevo a la autoridad de certificación.
       *[other] Se solicitan { $count } certificados nuevos a las autoridades de certificación.
    }
    .done = Se ha solicitado un certificado nuevo. Aparecerá en esta página en cuanto esté disponible.
admin-action-test-directory = Probarlo ahora
    .confirm = { $count ->
        [one] Se prueba ahora cada servidor de este directorio.
       *[other] Se prueba ahora cada servidor de estos { $count } directorios.
    }
    .done = Se ha consultado al directorio. Abajo se muestra su estado actual.
admin-action-refresh-crls = Obtener ahora las listas
    .confirm = Se obtienen ahora las listas de revocación que tienen una dirección.
    .done = Se han obtenido las listas. Abajo se muestra su estado actual.
admin-action-sync-directory = Sincronizar ahora
    .confirm = { $count ->
        [one] Se importan los grupos y nombres de este directorio, y quien está desactivado allí se desactiva aquí.
       *[other] Se importan los grupos y nombres de estos { $count } directorios, y quien está desactivado allí se desactiva aquí.
    }
    .done = Se ha sincronizado el directorio.
admin-action-cancel-transaction = Cancelar la transacción
    .confirm = { $count ->
        [one] Esta petición no llegará a su aplicación y ningún teléfono podrá aprobarla ya. El solicitante verá que se canceló.
       *[other] Estas { $count } peticiones no llegarán a sus aplicaciones y ningún teléfono podrá aprobarlas ya. Los solicitantes verán que se cancelaron.
    }
    .done = { $count ->
        [one] Se ha cancelado { $count } transacción.
       *[other] Se han cancelado { $count } transacciones.
    }
admin-action-cancel-approval = Anular
    .confirm = { $count ->
        [one] Esta aprobación pendiente se anula. La persona que la espera lo verá.
       *[other] Estas { $count } aprobaciones pendientes se anulan. Las personas que las esperan lo verán.
    }
    .done = { $count ->
        [one] Se ha anulado { $count } aprobación pendiente.
       *[other] Se han anulado { $count } aprobaciones pendientes.
    }
admin-action-end-session = Cerrar la sesión
    .confirm = { $count ->
        [one] Esta sesión se cierra de inmediato.
       *[other] Estas { $count } sesiones se cierran de inmediato.
    }
    .done = { $count ->
        [one] Se ha cerrado { $count } sesión.
       *[other] Se han cerrado { $count } sesiones.
    }
admin-action-remove-user = Eliminar el usuario
    .confirm = { $count ->
        [one] Este usuario y todo lo que pertenece a su cuenta se eliminan definitivamente: factores, sesiones, navegadores y enlaces.
       *[other] Estos { $count } usuarios y todo lo que pertenece a sus cuentas se eliminan definitivamente: factores, sesiones, navegadores y enlaces.
    }
    .done = { $count ->
        [one] Se ha eliminado { $count } usuario.
       *[other] Se han eliminado { $count } usuarios.
    }
admin-action-invite-user = Enviar una invitación
    .confirm = { $count ->
        [one] Se crea para este usuario un enlace de un solo uso para configurar una contraseña y un autenticador.
       *[other] Se crea para cada uno de estos { $count } usuarios un enlace de un solo uso para configurar una contraseña y un autenticador.
    }
    .done = { $count ->
        [one] Se ha creado { $count } invitación.
       *[other] Se han creado { $count } invitaciones.
    }
admin-action-forget-browsers = Quitar todos los navegadores registrados
    .confirm = { $count ->
        [one] Todos los navegadores de este usuario deben registrarse de nuevo. Se cierran las sesiones iniciadas con ellos.
       *[other] Todos los navegadores de estos { $count } usuarios deben registrarse de nuevo. Se cierran las sesiones iniciadas con ellos.
    }
    .done = { $count ->
        [one] Los navegadores de { $count } usuario ya no están registrados.
       *[other] Los navegadores de { $count } usuarios ya no están registrados.
    }
admin-action-untie-account = Desvincular la cuenta de dominio
    .confirm = { $count ->
        [one] Se borra la asociación de este usuario con la cuenta de dominio de sus tickets. El próximo ticket que nombre al usuario vinculará una cuenta de nuevo.
       *[other] Se borra la asociación de estos { $count } usuarios con las cuentas de dominio de sus tickets. El próximo ticket que nombre a uno de ellos vinculará una cuenta de nuevo.
    }
    .done = { $count ->
        [one] Se ha desvinculado { $count } cuenta de dominio.
       *[other] Se han desvinculado { $count } cuentas de dominio.
    }
admin-action-remove-group = Eliminar el grupo
    .confirm = { $count ->
        [one] Se elimina este grupo. Sus miembros se mantienen, pero pierden lo que obtenían de él.
       *[other] Se eliminan estos { $count } grupos. Sus miembros se mantienen, pero pierden lo que obtenían de ellos.
    }
    .done = { $count ->
        [one] Se ha eliminado { $count } grupo.
       *[other] Se han eliminado { $count } grupos.
    }
admin-action-revoke-link = Anular el enlace
    .confirm = { $count ->
        [one] Este enlace ya no se podrá usar.
       *[other] Estos { $count } enlaces ya no se podrán usar.
    }
    .done = { $count ->
        [one] Se ha anulado { $count } enlace.
       *[other] Se han anulado { $count } enlaces.
    }
admin-action-remove-network-list = Eliminar la lista
    .confirm = { $count ->
        [one] Se elimina esta lista, que dejará de restringir el acceso.
       *[other] Se eliminan estas { $count } listas, que dejarán de restringir el acceso.
    }
    .done = { $count ->
        [one] Se ha eliminado { $count } lista.
       *[other] Se han eliminado { $count } listas.
    }
admin-action-remove-message = Eliminar el mensaje
    .confirm = { $count ->
        [one] Se elimina este mensaje. Si contiene un enlace, este sigue siendo válido hasta que caduque.
       *[other] Se eliminan estos { $count } mensajes. Los enlaces que contengan siguen siendo válidos hasta que caduquen.
    }
    .done = { $count ->
        [one] Se ha eliminado { $count } mensaje.
       *[other] Se han eliminado { $count } mensajes.
    }
admin-action-revoke-token = Revocar el token
    .confirm = { $count ->
        [one] El programa que tiene este token ya no podrá hacer nada con él.
       *[other] Los programas que tienen estos { $count } tokens ya no podrán hacer nada con ellos.
    }
    .done = { $count ->
        [one] Se ha revocado { $count } token.
       *[other] Se han revocado { $count } tokens.
    }
admin-action-approve-device = Aprobar
    .confirm = { $count ->
        [one] Su usuario podrá usar este navegador.
       *[other] Sus usuarios podrán usar estos { $count } navegadores.
    }
    .done = { $count ->
        [one] Se ha aprobado { $count } solicitud.
       *[other] Se han aprobado { $count } solicitudes.
    }
admin-action-reject-device = Rechazar
    .confirm = { $count ->
        [one] Este navegador no se podrá usar. Se avisa a su usuario, que podrá volver a solicitarlo al cabo de un tiempo.
       *[other] Estos { $count } navegadores no se podrán usar. Se avisa a sus usuarios, que podrán volver a solicitarlos al cabo de un tiempo.
    }
    .done = { $count ->
        [one] Se ha rechazado { $count } solicitud.
       *[other] Se han rechazado { $count } solicitudes.
    }
admin-action-revoke-device = Revocar
    .confirm = { $count ->
        [one] Este navegador deja de estar aprobado. Sus sesiones se cierran de inmediato.
       *[other] Estos { $count } navegadores dejan de estar aprobados. Sus sesiones se cierran de inmediato.
    }
    .done = { $count ->
        [one] { $count } navegador ya no está aprobado.
       *[other] { $count } navegadores ya no están aprobados.
    }
admin-action-designate-devices = Activar la designación de dispositivos
    .confirm = { $count ->
        [one] A partir de ahora, este usuario solo inicia sesión con navegadores aprobados por un administrador. Si no usa uno aprobado, en la próxima petición se le pide que lo solicite.
       *[other] A partir de ahora, estos { $count } usuarios solo inician sesión con navegadores aprobados por un administrador. A quien no use uno aprobado se le pide, en la próxima petición, que lo solicite.
    }
    .done = { $count ->
        [one] La designación de dispositivos está activada para { $count } usuario.
       *[other] La designación de dispositivos está activada para { $count } usuarios.
    }
admin-action-release-devices = Desactivar la designación de dispositivos
    .confirm = { $count ->
        [one] Este usuario podrá iniciar sesión con cualquier navegador que acepten las políticas.
       *[other] Estos { $count } usuarios podrán iniciar sesión con cualquier navegador que acepten las políticas.
    }
    .done = { $count ->
        [one] La designación de dispositivos está desactivada para { $count } usuario.
       *[other] La designación de dispositivos está desactivada para { $count } usuarios.
    }
admin-action-require-certificates = Exigir certificados de cliente
    .confirm = { $count ->
        [one] A partir de la próxima petición, este usuario necesitará un certificado en las aplicaciones que lo exigen a usuarios seleccionados. Sin él, no podrá acceder a ellas.
       *[other] A partir de la próxima petición, estos { $count } usuarios necesitarán un certificado en las aplicaciones que lo exigen a usuarios seleccionados. Sin él, no podrán acceder a ellas.
    }
    .done = { $count ->
        [one] Se exigen certificados de cliente a { $count } usuario.
       *[other] Se exigen certificados de cliente a { $count } usuarios.
    }
admin-action-require-shown-certificates = Exigir certificados de cliente a quienes ya presentaron uno válido
    .confirm = { $count ->
        [one] Este usuario ha presentado un certificado válido y, a partir de la próxima petición, necesitará uno en las aplicaciones que lo exigen a usuarios seleccionados. Si para entonces el certificado ya no es válido, no se cambia nada.
       *[other] Estos { $count } usuarios han presentado un certificado válido y, a partir de la próxima petición, necesitarán uno en las aplicaciones que lo exigen a usuarios seleccionados. No se cambia nada para los demás usuarios ni para aquellos cuyo certificado ya no sea válido para entonces.
    }
    .done = { $count ->
        [one] Se exigen certificados de cliente a { $count } usuario que ha presentado uno.
       *[other] Se exigen certificados de cliente a { $count } usuarios que han presentado uno.
    }
admin-action-allow-certificates = Aceptar certificados de cliente
    .confirm = { $count ->
        [one] Los certificados de cliente son válidos para este usuario y solo se exigen donde se exigen a todos.
       *[other] Los certificados de cliente son válidos para estos { $count } usuarios y solo se exigen donde se exigen a todos.
    }
    .done = { $count ->
        [one] Se aceptan certificados de cliente de { $count } usuario.
       *[other] Se aceptan certificados de cliente de { $count } usuarios.
    }
admin-action-forbid-certificates = Rechazar certificados de cliente
    .confirm = { $count ->
        [one] Ningún certificado será ya válido para este usuario: las aplicaciones que exigen uno rechazan su acceso, y se cierran las sesiones iniciadas con uno.
       *[other] Ningún certificado será ya válido para estos { $count } usuarios: las aplicaciones que exigen uno rechazan su acceso, y se cierran las sesiones iniciadas con uno.
    }
    .done = { $count ->
        [one] Se rechazan los certificados de cliente de { $count } usuario.
       *[other] Se rechazan los certificados de cliente de { $count } usuarios.
    }
admin-action-require-group-certificates = Exigir certificados de cliente a todos los miembros
    .confirm = { $count ->
        [one] Todos los miembros de este grupo, también los que se incorporen después, necesitarán un certificado en las aplicaciones que lo exigen a usuarios seleccionados. Los miembros sin certificado, y aquellos cuyos certificados se rechazan, no podrán acceder a ellas.
       *[other] Todos los miembros de estos { $count } grupos, también los que se incorporen después, necesitarán un certificado en las aplicaciones que lo exigen a usuarios seleccionados. Los miembros sin certificado, y aquellos cuyos certificados se rechazan, no podrán acceder a ellas.
    }
    .done = { $count ->
        [one] Se exigen certificados de cliente a los miembros de { $count } grupo.
       *[other] Se exigen certificados de cliente a los miembros de { $count } grupos.
    }
admin-action-release-group-certificates = Usar el ajuste de certificados de cliente de cada miembro
    .confirm = { $count ->
        [one] A los miembros de este grupo se les exigen certificados según el ajuste de cada uno.
       *[other] A los miembros de estos { $count } grupos se les exigen certificados según el ajuste de cada uno.
    }
    .done = { $count ->
        [one] Los miembros de { $count } grupo usan su propio ajuste.
       *[other] Los miembros de { $count } grupos usan su propio ajuste.
    }
admin-action-invite-browser = Crear un enlace para registrar un navegador
    .confirm = { $count ->
        [one] Se crea un enlace de un solo uso para este usuario.
       *[other] Se crea un enlace de un solo uso para cada uno de estos { $count } usuarios.
    }
    .done = { $count ->
        [one] Se ha creado { $count } enlace.
       *[other] Se han creado { $count } enlaces.
    }
admin-action-forget-browser = Quitar el navegador
    .confirm = { $count ->
        [one] Este navegador debe registrarse de nuevo. Sus sesiones se cierran.
       *[other] Estos { $count } navegadores deben registrarse de nuevo. Sus sesiones se cierran.
    }
    .done = { $count ->
        [one] { $count } navegador ya no está registrado.
       *[other] { $count } navegadores ya no están registrados.
    }
admin-action-lift-lock = Quitar el bloqueo
    .confirm = { $count ->
        [one] Se quita este bloqueo y se puede volver a intentar de inmediato.
       *[other] Se quitan estos { $count } bloqueos y se puede volver a intentar de inmediato.
    }
    .done = { $count ->
        [one] Se ha quitado { $count } bloqueo.
       *[other] Se han quitado { $count } bloqueos.
    }

## El resultado de una acción

admin-result-failed = { $count ->
    [one] La acción falló para { $count } entrada.
   *[other] La acción falló para { $count } entradas.
}
admin-result-failed-decided = Otro administrador ya lo ha decidido:
admin-result-failed-gone = Ya no existe.
admin-result-failed-forbidden = No tiene permiso para aplicar esto a administradores.
admin-result-failed-state = La pasarela no pudo leer o escribir sus datos. Inténtelo de nuevo.
admin-result-failed-input = No se puede realizar con los datos indicados.
admin-result-links = Cada enlace registra un teléfono, una sola vez. Los enlaces se muestran solo ahora.
admin-result-links-browser = Cada enlace registra un navegador, una sola vez: el usuario lo abre en ese navegador. Los enlaces se muestran solo ahora.
admin-result-links-account = Con cada enlace, el usuario configura una contraseña y un autenticador, una sola vez. Los enlaces se muestran solo ahora.
admin-result-links-passkey = Cada enlace crea una clave de acceso, una sola vez. Los enlaces se muestran solo ahora.
admin-result-link-mailed = El enlace se está enviando por correo. El usuario también puede abrirlo aquí, con la cámara del teléfono.
admin-result-link-kept = El enlace no se envió por correo, porque no hay servidor de correo o falta la dirección. El mensaje está en la bandeja de salida; entregue usted el enlace.
admin-result-back = Volver a la lista

## Un usuario

admin-user-transaction-password = Contraseña de transacción
admin-user-directory = Entrada del directorio
admin-user-identities = Cuentas en proveedores de identidad
admin-user-identities-none = El usuario no está vinculado a ninguna.
admin-user-identity-provider = Proveedor de identidad
admin-user-identity-subject = Cuenta externa (sub)
admin-user-identity-link = Vincular
admin-user-identity-linked = La cuenta está vinculada: a partir de ahora se puede iniciar sesión con ella como este usuario.
admin-user-identity-not-linked = No se ha vinculado nada: esa cuenta ya pertenece a un usuario o no se puede usar.
admin-user-show-list = Mostrar la lista

## Una transacción

admin-transaction-result = Resultado
admin-transaction-waits-for = A la espera de
admin-transaction-ended = Terminada
admin-transaction-request = Petición
admin-transaction-digest = Resumen criptográfico de la petición
admin-transaction-id = ID
admin-transaction-requester-program = Un programa
admin-transaction-answers = Respuestas
    .empty = No respondió ningún teléfono.
    .approved = Aprobado
    .denied = Denegado
admin-transaction-receipt = Comprobante
    .about = Lo firmó esta pasarela y contiene las respuestas tal como las firmaron los teléfonos. «sekisho audit verify» lo comprueba sin la pasarela.
    .download = Descargar el comprobante
    .empty = No hay comprobante: la pasarela se detuvo antes de que terminara la transacción o no pudo firmar.
admin-transaction-outcome-held = En espera
admin-transaction-outcome-forwarding = En camino
admin-transaction-outcome-forwarded = Enviada
admin-transaction-outcome-denied = Denegada
admin-transaction-outcome-cancelled = Cancelada
admin-transaction-outcome-expired = No aprobada a tiempo
admin-transaction-outcome-refused = Rechazada por la política
admin-transaction-outcome-not-sent = No enviada: no se pudo contactar con la aplicación
admin-transaction-outcome-unknown = Resultado desconocido: enviada, pero sin respuesta
admin-transaction-stage-password = La contraseña de transacción
admin-transaction-stage-code = Un código
admin-transaction-stage-pending = La aprobación en teléfonos
admin-transaction-stage-approved = Que el solicitante recoja el resultado (aprobada)
admin-transaction-stage-forwarding = La respuesta de la aplicación
admin-transactions-export-csv = Descargar todos los resultados como CSV
admin-transactions-export-jsonl = Descargar todos los resultados como JSON Lines, con comprobantes

## Protección de acceso

admin-login-protect-service = Generar un ID de servicio
    .about = Una política que protege su formulario de acceso indica un ID de servicio. Las políticas con el mismo ID de servicio se abren juntas.
admin-login-protect-disable = Desactivar en todas partes
    .confirm = { $count ->
        [0] Ahora ninguna política protege su formulario de acceso. Hasta que usted restaure la protección de acceso, tampoco se protegerán las políticas que empiecen a usarla.
        [one] El formulario de acceso de { $count } servicio estará abierto para todos hasta que usted restaure la protección de acceso. Las contraseñas se siguen comprobando.
       *[other] Los formularios de acceso de { $count } servicios estarán abiertos para todos hasta que usted restaure la protección de acceso. Las contraseñas se siguen comprobando.
    }
    .done = Se ha desactivado la protección de acceso en todas partes.
admin-login-protect-restore = Restaurar
    .confirm = { $count ->
        [0] Ahora ninguna política protege su formulario de acceso.
        [one] El formulario de acceso de { $count } servicio se vuelve a cerrar de inmediato. Los usuarios sin teléfono no podrán iniciar sesión allí.
       *[other] Los formularios de acceso de { $count } servicios se vuelven a cerrar de inmediato. Los usuarios sin teléfono no podrán iniciar sesión allí.
    }
    .done = La protección de acceso vuelve a estar activa.
admin-login-protect-confirm = Confirmar
admin-migration = Migrar a la protección de acceso
    .about = Si activa la protección de acceso en una política en uso, ningún usuario sin teléfono podrá iniciar sesión. Estos pasos lo evitan.
admin-migration-pilot = Primero con un grupo piloto
admin-migration-policy = Escriba una política como la que está en uso, con login_protect y un ID de servicio, para una aplicación o un grupo de usuarios piloto.
admin-migration-disable = Desactive la protección de acceso en todas partes: todos los formularios de acceso quedan abiertos durante la preparación.
admin-migration-move = Pase a los usuarios piloto a la política nueva. Inician sesión como antes.
admin-migration-invite = Envíe a cada uno un enlace que registra un teléfono.
admin-migration-reset = Hasta que su teléfono esté registrado, siguen iniciando sesión como antes. Si los teléfonos ya registrados no deben abrir el formulario, quítelos antes.
admin-migration-restore = Cuando todos sus teléfonos estén registrados, restaure la protección de acceso.
admin-migration-verify = Pida a uno de ellos que inicie sesión: el formulario está cerrado al principio, se abre desde el teléfono y se vuelve a cerrar cuando pasa el tiempo o tras una contraseña.
admin-migration-current = Estado actual
admin-migration-all = Después con todos los usuarios
admin-migration-all-disable = Desactive de nuevo la protección de acceso en todas partes.
admin-migration-all-policy = Añada login_protect a la política en uso o pase a todos los usuarios a la política nueva.
admin-migration-all-invite = Envíe un enlace a cada usuario, por correo o en papel.
admin-migration-all-wait = { $count ->
    [0] Todos los usuarios tienen teléfono: restaure la protección de acceso.
    [one] Restaure la protección de acceso cuando todos los usuarios tengan teléfono. { $count } usuario todavía no lo tiene.
   *[other] Restaure la protección de acceso cuando todos los usuarios tengan teléfono. { $count } usuarios todavía no lo tienen.
}

## Ajustes

admin-settings-notice = Aviso en todas las páginas
    .hint = Una frase, por ejemplo para anunciar un mantenimiento. Déjelo vacío para no mostrar ningún aviso.
admin-settings-phones = Teléfonos y aprobaciones
admin-settings-per-user = Teléfonos por usuario, como máximo
admin-settings-lifetime = Tiempo para responder a una aprobación
    .seconds = { $count ->
        [one] { $count } segundo
       *[other] { $count } segundos
    }
admin-settings-wrong-answers = Respuestas incorrectas antes de bloquear las aprobaciones
admin-settings-in-config = Estos valores se establecen en el archivo de configuración, en [approval].
admin-settings-may-add = ¿Pueden los propios usuarios añadir teléfonos?
admin-settings-may-delete = ¿Pueden los propios usuarios quitar teléfonos?
admin-settings-config-yes = Como en el archivo de configuración: sí
admin-settings-config-no = Como en el archivo de configuración: no
admin-settings-save = Guardar

## Proveedores de identidad y directorios

admin-tls-good = En uso
admin-tls-ends-soon = Caduca pronto
admin-tls-ended = Caducado
admin-tls-missing = Todavía no emitido
admin-tls-from = Origen
admin-tls-names = Nombres
admin-tls-ends = Válido hasta
admin-tls-renewed = Se renueva desde
admin-tls-next-from = El siguiente se usa desde
admin-tls-next-try = Próximo intento
admin-tls-serial = Número de serie
admin-source-ready = Responde
admin-source-troubled = Con problemas
admin-source-unknown = Todavía no consultado
admin-source-name = Nombre en la configuración
admin-source-issuer = Emisor
admin-source-read = Última lectura de los documentos
admin-source-keys = Claves
admin-source-register = Direcciones para registrar en el proveedor
admin-source-redirect = URI de redirección
admin-source-metadata = Metadatos
admin-source-after-sign-out = Destino tras cerrar la sesión
admin-source-back-channel = Cierre de sesión (back-channel)
admin-source-front-channel = Cierre de sesión (front-channel)
admin-source-kind = Tipo
admin-source-asked = Última consulta
admin-source-linked = Usuarios vinculados
admin-source-server = Servidor

## Certificados

admin-certificate-rollout = Implantación de certificados
    .about = Los certificados de cliente se implantan paso a paso: esta página muestra el progreso y quién perdería el acceso, antes de que nadie lo pierda. Solo se cuentan los usuarios activados.
    .empty = No hay ningún usuario activado.
admin-rollout-no-app = Ninguna aplicación exige todavía un certificado de cliente a usuarios seleccionados. Añada esto a las exigencias de una aplicación en la configuración:
admin-rollout-apps = Aplicaciones que exigen certificados
admin-rollout-all-apps = Todas estas aplicaciones
admin-rollout-app-selected = a usuarios seleccionados
admin-rollout-app-selected-observed = a usuarios seleccionados, solo en observación: todavía no se rechaza a nadie
admin-rollout-app-everyone = a todos
admin-rollout-app-observed = a todos, solo en observación: todavía no se rechaza a nadie
admin-rollout-running = Con el servicio ya en uso
    .about = No se cierra la sesión de nadie: primero se instalan los certificados, y los usuarios se seleccionan cuando ya han presentado uno.
admin-rollout-new = Antes de empezar a usar el servicio
    .about = Los usuarios se seleccionan desde el principio: quien todavía no tiene certificado no puede abrir las aplicaciones de arriba.
admin-rollout-issue = Emita los certificados.
    .state = { $count ->
        [one] { $count } usuario tiene uno válido hoy.
       *[other] { $count } usuarios tienen uno válido hoy.
    }
admin-rollout-select = Seleccione los usuarios que necesitan uno.
    .state = { $count ->
        [one] { $count } usuario está seleccionado.
       *[other] { $count } usuarios están seleccionados.
    }
admin-rollout-distribute = Entréguelos, con la frase de contraseña por otro medio, y pida que se instalen.
    .state = { $count ->
        [one] { $count } usuario ha presentado uno válido.
       *[other] { $count } usuarios han presentado uno válido.
    }
admin-rollout-sign-in = Los usuarios inician sesión con ellos.
    .state = { $count ->
        [one] { $count } usuario seleccionado ha superado la comprobación.
       *[other] { $count } usuarios seleccionados han superado la comprobación.
    }
admin-rollout-done = Hecho
admin-rollout-open = Pendiente
admin-rollout-lists = Antes de seleccionar a alguien
admin-rollout-users = { $count ->
    [one] { $count } usuario está activado.
   *[other] { $count } usuarios están activados.
}
admin-rollout-list-shut-out = { $count ->
    [one] { $count } usuario está seleccionado y no ha presentado ningún certificado válido
   *[other] { $count } usuarios están seleccionados y no han presentado ningún certificado válido
}
admin-rollout-list-would-be = { $count ->
    [one] { $count } usuario no está seleccionado y no ha presentado ningún certificado válido: perdería el acceso
   *[other] { $count } usuarios no están seleccionados y no han presentado ningún certificado válido: perderían el acceso
}
admin-rollout-list-ready-count = { $count ->
    [one] { $count } usuario no está seleccionado y ha presentado un certificado válido: se puede seleccionar
   *[other] { $count } usuarios no están seleccionados y han presentado un certificado válido: se pueden seleccionar
}
admin-rollout-list-ready = Usuarios que se pueden seleccionar
admin-rollout-only = Selección
admin-rollout-only-selected = Usuarios seleccionados
admin-rollout-only-others = Otros usuarios
admin-rollout-holding = Tiene un certificado
admin-rollout-shown = Ha presentado uno válido
admin-rollout-shown-good = Presentado
admin-rollout-shown-none = No presentado
admin-rollout-shut-out = Sin certificado, sin acceso
admin-rollout-yes = Sí
admin-rollout-no = No
admin-certificates = Certificados
    .about = Certificados de cliente emitidos o registrados aquí.
    .empty = Todavía no hay ningún certificado.
    .ending = Certificados que caducan pronto
admin-search-ends-within = Caduca en (días)
admin-certificate-ended = Caducado
admin-certificate-ends-soon = Caduca pronto
admin-certificate-name = Nombre
    .hint = De 1 a 20 caracteres: letras de la A a la Z y dígitos, de ancho medio o completo.
admin-certificate-holder = Titular
    .hint = Si deja vacíos el usuario y el grupo, podrá usarlo cualquier usuario cuyos certificados no se rechacen.
admin-certificate-anybody = Cualquier usuario
admin-certificate-group = Grupo
admin-certificate-no-group = Ningún grupo
admin-certificate-nobody = Sin titular
admin-certificate-revoked = Revocado
admin-certificate-first-day = Primer día
    .hint = Hoy, si queda vacío.
admin-certificate-last-day = Último día
    .hint = Es válido hasta el final de este día.
admin-certificate-encryption = Cifrado del archivo
admin-certificate-encryption-modern = AES (dispositivos actuales)
admin-certificate-encryption-older = Triple DES (dispositivos antiguos)
admin-certificate-serial = Número de serie
admin-certificate-fingerprint = Huella digital (SHA-256)
admin-certificate-download = Descargar
    .about = El archivo que se instala en el dispositivo. Si contiene una clave, se abre con la frase de contraseña que se mostró al emitirlo.
admin-issue = Emitir un certificado
    .about = Se crean una clave y un certificado y se guardan en un archivo para un dispositivo. La frase de contraseña del archivo se muestra una sola vez.
admin-issue-go = Emitir
admin-issue-wrong-name = Este nombre no se puede usar. Introduzca de 1 a 20 caracteres: letras de la A a la Z y dígitos, de ancho medio o completo, sin espacios ni otros caracteres.
admin-issue-wrong-holder = Introduzca un usuario o elija un grupo, pero no ambos.
admin-issue-wrong-user = Ningún usuario tiene este nombre.
admin-issue-wrong-group = Ningún grupo tiene este nombre.
admin-issue-wrong-days = Estas fechas no se pueden usar. El último día debe ser hoy o posterior, y no anterior al primero.
admin-issue-precedes = La autoridad de certificación todavía no existía ese primer día. Elija un día posterior.
admin-issue-outlives = La autoridad de certificación caduca antes de ese último día. Elija un día anterior o renueve antes la autoridad de certificación (sekisho authority renew).
admin-issue-gap = Empezaría después de que caduque el certificado que renueva. Los dos períodos deben solaparse: elija un primer día anterior.
admin-issue-no-longer = No caducaría más tarde que el certificado que renueva. Elija un último día posterior.
admin-issue-not-renewed = Este certificado no se puede renovar. Emita uno nuevo.
    .ended = Este certificado no se puede renovar: ha caducado. Emita uno nuevo.
    .revoked = Este certificado no se puede renovar: está revocado. Emita uno nuevo.
    .nobodys = Este certificado no se puede renovar: ya no pertenece a nadie o pertenece a una máquina. Emita uno nuevo.
    .name = Este certificado no se puede renovar: el nuevo tendría el mismo nombre, y el nombre de un certificado emitido aquí tiene de 1 a 20 letras de la A a la Z y dígitos. Emita uno nuevo.
admin-renew = Renovar
    .about = El certificado nuevo es para el mismo titular y tiene el mismo nombre. Ambos son válidos hasta que caduque el anterior: haga que empiece antes, para que haya tiempo de instalarlo.
admin-renew-before = Último día del anterior
admin-issue-no-authority = Todavía no hay ninguna autoridad de certificación. Cree una primero: sekisho authority create
admin-issued-passphrase = Frase de contraseña
    .once = Cópiela ahora: se muestra solo esta vez y no se guarda en ningún sitio.
    .apart = No envíe nunca esta frase de contraseña ni esta hoja junto con el archivo, ni en el mismo mensaje.
admin-issued-days = Período
admin-issued-where = Dónde descargarlo
admin-issued-sheet = Para instalar el certificado, abra la dirección con el dispositivo, inicie sesión, descargue el archivo e introduzca esta frase de contraseña cuando el dispositivo la pida. Allí se explica cada paso.
admin-issued-print = Imprima esta página con su navegador: solo se imprime la hoja para el usuario.
admin-issued-before = Este formulario ya se envió. El certificado está en la lista; su frase de contraseña se mostró entonces.
admin-token-issued-before = Este formulario ya se envió. El token está en la lista; se mostró entonces.
admin-certificate-dates = Período de uso
    .about = Dentro de su propia validez. Deje un día vacío para que se pueda usar mientras sea válido. Para ampliar ese período, emita otro.
    .done = Se ha establecido el período.
admin-certificate-dates-go = Establecer el período
admin-certificate-dates-wrong = Este período no se puede usar. Debe estar dentro de la validez del certificado, y el primer día no puede ser posterior al último.
admin-certificate-label = Nombre en el registro
admin-sign = Firmar la solicitud de certificado de un dispositivo
    .about = Para un dispositivo que creó su propia clave y la conserva. El certificado se entrega como archivo PEM.
admin-sign-file = La solicitud de certificado como archivo
admin-sign-pem = La solicitud de certificado como texto
    .hint = PKCS#10 en PEM, desde «-----BEGIN CERTIFICATE REQUEST-----», sin extensiones. Si hay archivo y texto, vale el archivo.
admin-sign-go = Firmar
admin-sign-wrong-request = La solicitud de certificado no se puede firmar.
admin-import = Importar certificados
    .about = Registra desde un archivo certificados que emitió otra autoridad de certificación: todos o, si uno no se puede registrar, ninguno. El archivo no se guarda.
admin-import-file = El archivo
    .hint = Una tabla (CSV en UTF-8) cuya primera línea nombra las columnas: certificate (su SHA-256, o el propio certificado en base64), user, machine, shared, label, valid_from, valid_until. O certificados en PEM. Hasta 20 000 certificados, sin sus claves privadas.
admin-import-whose = Titular
admin-import-by-table = Según la tabla
admin-import-by-common-name = PEM: el usuario indicado en el nombre común
admin-import-by-email = PEM: el usuario indicado en la dirección de correo
admin-import-by-upn = PEM: el usuario indicado en el nombre principal (UPN)
admin-import-shared = PEM: compartido por varios usuarios
admin-import-suffix = Final que se quita del nombre
    .hint = Solo para nombres en PEM, por ejemplo @example.com.
admin-import-check = Solo comprobar
admin-import-go = Registrar todos
admin-import-unread = El archivo no se puede usar. No se ha registrado nada.
admin-import-good = { $count ->
    [one] El certificado se puede registrar. Para registrarlo, elija de nuevo el archivo.
   *[other] Los { $count } certificados se pueden registrar. Para registrarlos, elija de nuevo el archivo.
}
admin-import-wrong = { $count ->
    [one] Un certificado no se puede registrar. No se ha registrado ninguno.
   *[other] { $count } certificados no se pueden registrar. No se ha registrado ninguno.
}
admin-import-problems = Errores
admin-import-line = Línea { $line }
admin-import-cut = Hay más. Se mostrarán cuando se corrijan estos.
admin-import-done = { $count ->
    [one] El certificado está en el registro.
   *[other] { $count } certificados están en el registro.
}
admin-sightings = Certificados presentados
    .about = Quién presentó qué certificado, primero lo más reciente. Desde un certificado que no está registrado se abre el formulario para registrarlo.
    .empty = Todavía nadie ha presentado un certificado.
admin-authorities = Autoridades de certificación
    .about = Las claves que firman certificados de cliente. Una política confía en lo que firman si la configuración indica como «bundle», bajo «[trust]», el archivo authority/anchors.pem del directorio de estado.
    .empty = Todavía no hay ninguna autoridad de certificación.
admin-authority-subject = Autoridad de certificación
admin-authority-root = Raíz
admin-authority-issuing = Clave emisora
admin-authority-imported = Importada
admin-authority-signs = En uso para firmar
admin-authority-counts = Válida
admin-authority-withdrawn = Confianza retirada
admin-authority-ends = Caduca
admin-authority-list = Lista de revocación
admin-form-register-certificate = Registrar un certificado
    .about = Hace que un certificado de otra autoridad de certificación sea válido para un usuario, para una máquina o para varios usuarios.
    .done = El certificado está en el registro.
admin-form-create-authority = Crear una autoridad de certificación
    .about = Crea una clave raíz y, por debajo de ella, la clave que firma certificados de cliente. Ambas se guardan selladas.
    .done = Se ha creado la autoridad de certificación.
admin-form-renew-authority = Renovar la autoridad de certificación
    .about = Crea la clave que sucede a la actual. Lo que firmó la actual sigue siendo de confianza hasta que caduque.
    .asks = A partir de entonces firma la clave nueva. También hay que entregarla a los demás programas que confían en la clave actual. ¿Continuar?
    .done = Se ha renovado la autoridad de certificación.
admin-form-import-authority = Importar una autoridad de certificación
    .about = Incorpora una clave emisora que ya tiene su organización. A partir de entonces se firma con ella.
    .done = Se ha importado la autoridad de certificación.
admin-field-machine = Máquina
admin-field-shared = Compartido por varios usuarios
admin-field-organisation = Organización
admin-field-chain = Certificados
admin-field-key = Clave privada
admin-hint-certificate = 64 dígitos hexadecimales, con o sin dos puntos. Indique un usuario o una máquina, o marque que es compartido.
admin-hint-organisation = Tal como la nombran los certificados y los navegadores: de 1 a 48 caracteres.
admin-hint-chain = PEM: el certificado de la clave y los que están por encima.
admin-hint-key = PEM, sin cifrar, ECDSA sobre P-256. Se guarda sellada y no se volverá a mostrar.
admin-action-remove-certificate = Quitar del registro
    .confirm = { $count ->
        [one] Este certificado sale del registro y vuelve a tratarse según la configuración. Para que no se pueda usar, desactívelo en lugar de quitarlo. Se cierran las sesiones que abrió.
       *[other] Estos { $count } certificados salen del registro y vuelven a tratarse según la configuración. Para que no se puedan usar, desactívelos en lugar de quitarlos. Se cierran las sesiones que abrieron.
    }
    .done = { $count ->
        [one] Se ha quitado { $count } certificado del registro.
       *[other] Se han quitado { $count } certificados del registro.
    }
admin-action-withdraw-authority = Retirar la confianza
    .confirm = { $count ->
        [one] Se retira definitivamente la confianza a esta clave. Todos los certificados que firmó se revocan y sus sesiones se cierran.
       *[other] Se retira definitivamente la confianza a estas { $count } claves. Todos los certificados que firmaron se revocan y sus sesiones se cierran.
    }
    .done = { $count ->
        [one] Se ha retirado la confianza a { $count } clave.
       *[other] Se ha retirado la confianza a { $count } claves.
    }
admin-certificate-test = Probar un certificado
    .about = Dice a quién identificaría aquí un certificado de cliente, y por qué o por qué no. No se inicia ninguna sesión ni se guarda nada.
admin-test-file = El certificado como archivo
    .hint = PEM o DER, sin su clave privada. Puede incluir los certificados de las autoridades de certificación que presentaría un cliente.
admin-test-pem = El certificado como texto
admin-test-user = El usuario que habría iniciado sesión
admin-test-go = Probar
admin-test-not-read = El certificado no se puede probar.
admin-test-nobody = Nadie
admin-test-counts = Válido
admin-test-counts-not = No válido
admin-test-by-register = El titular lo determina el registro.
admin-test-by-mapping = El titular lo determina una regla de asignación de la configuración.
admin-test-by-nothing = Ni el registro ni ninguna regla de asignación de la configuración indican un titular.
admin-test-register = En el registro
admin-test-account = Estado del usuario
admin-test-switch = Uso de certificados por el usuario
admin-test-chain = En la aplicación
admin-test-trusts = De confianza
admin-test-trusts-not = No es de confianza
admin-test-path = Autoridades de certificación intermedias
admin-test-mapping = Reglas de asignación
admin-test-decides = decide
admin-test-finds-nobody = no encuentra a nadie
admin-action-enable-certificate = Activar
    .confirm = { $count ->
        [one] Este certificado volverá a ser válido.
       *[other] Estos { $count } certificados volverán a ser válidos.
    }
    .done = { $count ->
        [one] Se ha activado { $count } certificado.
       *[other] Se han activado { $count } certificados.
    }
admin-action-disable-certificate = Desactivar
    .confirm = { $count ->
        [one] Este certificado no será válido hasta que se active de nuevo. Se cierran las sesiones que abrió.
       *[other] Estos { $count } certificados no serán válidos hasta que se activen de nuevo. Se cierran las sesiones que abrieron.
    }
    .done = { $count ->
        [one] Se ha desactivado { $count } certificado.
       *[other] Se han desactivado { $count } certificados.
    }
admin-action-revoke-certificate = Revocar
    .confirm = { $count ->
        [one] Este certificado se revocará definitivamente y figurará en la lista de revocación. Se cierran las sesiones que abrió.
       *[other] Estos { $count } certificados se revocarán definitivamente y figurarán en la lista de revocación. Se cierran las sesiones que abrieron.
    }
    .done = { $count ->
        [one] Se ha revocado { $count } certificado.
       *[other] Se han revocado { $count } certificados.
    }
admin-patterns = Patrones
    .about = Las contraseñas de un solo uso se leen siguiendo un patrón en una tabla de dígitos. Los patrones iniciales se emiten en la página de usuarios; cada usuario establece otro en el primer inicio de sesión.
    .empty = Ningún usuario tiene asignado el método matrix o token_matrix.
admin-pattern-size = Tamaño de la tabla
admin-pattern-origin = Definido en
admin-pattern-test = ¿Estaría permitido este patrón?
    .hint = Las casillas en su orden, columnas con letra y filas con número, frases entre comillas: A1 C3 "k7" K2 L4 E1 G2
admin-pattern-test-user = Según las reglas para este usuario (vacío: para todos)
admin-pattern-test-submit = Probar
admin-pattern-allowed = Este patrón estaría permitido.
admin-pattern-not-allowed = Este patrón se rechazaría:
admin-pattern-unreadable = Esto no es un patrón de esta tabla. Escriba las casillas como A1, con la letra de la columna y el número de la fila, y las frases entre comillas.
admin-pattern-set = Establecido por el usuario
admin-pattern-initial = Patrón inicial
admin-pattern-expired = Patrón inicial, caducado
admin-pattern-refused = Rechazado por las reglas actuales: se cambia en el próximo inicio de sesión
admin-pattern-another-size = Para una tabla de otro tamaño: emita uno nuevo
admin-pattern-notice = Hoja para imprimir
admin-pattern-notices = Hojas de patrones iniciales
admin-pattern-notices-none = No hay ningún patrón inicial cuya hoja se pueda imprimir.
admin-pattern-notices-without = No hay hoja para estos usuarios: han establecido su propio patrón, no tienen ninguno o usted no tiene permiso para verlo.
admin-action-issue-pattern = Emitir un patrón inicial
    .confirm = Se genera al azar un patrón para cada uno de estos usuarios y se prepara una hoja. Su patrón anterior deja de servir y las sesiones iniciadas con él se cierran de inmediato.
    .done = { $count ->
        [one] Se ha emitido { $count } patrón inicial.
       *[other] Se han emitido { $count } patrones iniciales.
    }
admin-action-reset-pattern = Quitar el patrón
    .confirm = Estos usuarios no podrán iniciar sesión con un patrón hasta que usted emita uno nuevo. Las sesiones iniciadas con él se cierran.
    .done = { $count ->
        [one] Se ha quitado { $count } patrón.
       *[other] Se han quitado { $count } patrones.
    }
admin-crl-current = Al día
admin-crl-ending = Pendiente de renovar
admin-crl-outdated = Caducada
admin-crl-missing = Todavía no leída
admin-crl-trust = Tabla en [trust]
admin-crl-source = Origen
admin-crl-made = Emitida
admin-crl-next = Próxima actualización
admin-crl-revoked = Certificados revocados
admin-crl-read = Última lectura
