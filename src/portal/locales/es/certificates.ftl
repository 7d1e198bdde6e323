## Certificados propios: la página donde se obtienen y cómo se instalan
account-certificates = Certificados
own-certificates-what = Los certificados emitidos para usted, para uno de sus grupos o para cualquier usuario. Instálelos en sus dispositivos: las aplicaciones que piden un certificado se abren con él.
own-certificates-passphrase = La frase de contraseña necesaria para instalar un certificado no se muestra aquí. Su administrador se la entrega por otro medio.
own-certificates-help = Cómo instalar un certificado en cada dispositivo
own-certificates-none = No se le ha emitido ningún certificado. Si una aplicación lo pide, consulte a su administrador.
own-certificate-counts = Válido
own-certificate-not-yet = Todavía no es válido
own-certificate-ended = Caducado
own-certificate-disabled = Desactivado
own-certificate-revoked = Revocado
own-certificate-first-day = Primer día
own-certificate-last-day = Último día
own-certificate-group = Miembros del grupo
own-certificate-whose = Para
own-certificate-anybody = Cualquier usuario
own-certificate-p12 = Descargar para cualquier dispositivo (.p12)
own-certificate-profile = Descargar para iPhone, iPad y Mac (.mobileconfig)
own-certificate-pem = Descargar el certificado (.pem)
notice-certificate-ends = { $count ->
    [0] Uno de sus certificados caduca hoy. Pida uno nuevo a su administrador.
    [one] Uno de sus certificados caduca en { $count } día. Pida uno nuevo a su administrador.
   *[other] Uno de sus certificados caduca en { $count } días. Pida uno nuevo a su administrador.
}
notice-certificate-followed = { $count ->
    [0] Uno de sus certificados caduca hoy. El nuevo está listo: instálelo ahora.
    [one] Uno de sus certificados caduca en { $count } día. El nuevo está listo: instálelo ahora.
   *[other] Uno de sus certificados caduca en { $count } días. El nuevo está listo: instálelo ahora.
}
notice-link-certificates = Ver sus certificados
refusal-certificate-help = Cómo instalar un certificado y elegirlo
help-title = Instalar su certificado
help-need = Necesita dos cosas: el archivo de la página «Certificados» de su cuenta y la frase de contraseña que su administrador le entregó por otro medio.
help-open = Abrir sus certificados
help-devices = Elija su dispositivo
help-install = cómo instalarlo
help-check = Comprobar que está instalado
help-use = Qué aparece al iniciar sesión
help-fails = Si no funciona
    .windows = La aplicación indica que falta un certificado: cierre todas las ventanas del navegador o reinicie el dispositivo y vuelva a abrir la aplicación. Los navegadores recuerdan la elección anterior y las ventanas privadas a menudo no ofrecen certificados.
    .passphrase = No se acepta la frase de contraseña: escríbala con sus guiones y en minúsculas. No contiene 0, 1, l ni o. Copiarla evita errores.
    .older = La frase de contraseña es correcta, pero el archivo sigue sin abrirse: probablemente el sistema es antiguo. Pida a su administrador un archivo para dispositivos antiguos.
    .ended = La página indica que el certificado ha caducado, está desactivado o revocado: compruebe en la página «Certificados» si hay uno nuevo.
    .ask = Si sigue sin funcionar, comunique a su administrador el código y el ID de petición de la página que rechazó su acceso.
help-ios = iPhone y iPad
    .one = Abra este sitio en Safari, vaya a su cuenta, «Certificados», y descargue el archivo para iPhone, iPad y Mac. Permita la descarga del perfil.
    .two = Abra Ajustes (o Configuración) y toque «Perfil descargado» en la parte superior. Si no aparece, mire en General, «VPN y gestión de dispositivos» (o «VPN y administración de dispositivos»).
    .three = Toque «Instalar», introduzca el código del dispositivo y después la frase de contraseña del certificado. Es normal que el perfil no esté firmado.
    .check = En ese mismo lugar de Ajustes, en General, hay un perfil con el nombre de su certificado.
    .use = Abra la aplicación en Safari. Si Safari pregunta qué certificado usar, elija el suyo. Lo pregunta la primera vez y de nuevo al cabo de un tiempo.
    .fails = Use Safari: otros navegadores en iPhone y iPad a menudo no pueden presentar un certificado.
help-android = Android
    .one = Abra este sitio en Chrome, vaya a su cuenta, «Certificados», y descargue el archivo para cualquier dispositivo.
    .two = Abra el archivo descargado. Si no ocurre nada, abra Ajustes (o Configuración), busque «Instalar un certificado», elija «Certificado de usuario de VPN y aplicaciones» y seleccione el archivo.
    .three = Introduzca la frase de contraseña, deje el nombre propuesto y confirme. Si el dispositivo pregunta para qué se usa, elija «VPN y aplicaciones».
    .check = En Ajustes (o Configuración), busque «Credenciales de usuario»: su certificado está en la lista. Android 8 y anteriores no tienen esa lista: omita este paso.
    .use = Abra la aplicación en Chrome. Aparece una lista de certificados: elija el suyo y confirme. Aparece la primera vez y de nuevo al cabo de un tiempo.
    .fails = Android solo instala certificados si hay un bloqueo de pantalla: configure uno e instale el archivo de nuevo. Use Chrome.
help-macos = Mac
    .one = Abra este sitio en Safari, vaya a su cuenta, «Certificados», y descargue el archivo para iPhone, iPad y Mac.
    .two = Abra Ajustes del Sistema (o Configuración del Sistema) y busque «Gestión de dispositivos» (o «Administración de dispositivos») en General; en versiones anteriores, «Perfiles». Haga doble clic en el perfil descargado.
    .three = Haga clic en «Instalar» e introduzca la frase de contraseña del certificado y, si se le pide, la contraseña del Mac.
    .check = En la aplicación Acceso a Llaveros, en «Mis certificados», está su certificado, con una clave privada debajo.
    .use = Abra la aplicación en Safari o Chrome y elija su certificado. Si el llavero lo pide, introduzca la contraseña del Mac y elija «Permitir siempre».
    .fails = Si Firefox no ofrece el certificado, instálelo también en Firefox: elija «Firefox» arriba.
help-windows = Windows
    .one = Abra este sitio en Edge o Chrome, vaya a su cuenta, «Certificados», y descargue el archivo para cualquier dispositivo.
    .two = Haga doble clic en el archivo descargado. Elija «Usuario actual» y haga clic en «Siguiente» hasta que se pida una contraseña.
    .three = Introduzca allí la frase de contraseña. Deje que el almacén se seleccione automáticamente y haga clic en «Finalizar».
    .check = Pulse la tecla Windows y R, escriba certmgr.msc y mire en «Personal», «Certificados»: el suyo está en la lista.
    .use = Abra la aplicación en Edge o Chrome, elija su certificado en la lista y haga clic en «Aceptar».
    .fails = Si Firefox no ofrece el certificado, instálelo también en Firefox: elija «Firefox» arriba.
help-firefox = Firefox
    .one = En este sitio, vaya a su cuenta, «Certificados», y descargue el archivo para cualquier dispositivo.
    .two = En Firefox, abra «Ajustes», «Privacidad y seguridad», y haga clic en «Ver certificados». Elija «Sus certificados» y haga clic en «Importar».
    .three = Elija el archivo descargado e introduzca la frase de contraseña. Si Firefox pide una contraseña principal, es la que usted configuró en Firefox.
    .check = Su certificado está en la lista «Sus certificados».
    .use = Abra la aplicación. Firefox pregunta qué certificado presentar: elija el suyo y haga clic en «Aceptar».
    .fails = En «Ver certificados», «Decisiones de autenticación», elimine la línea de la aplicación y vuelva a abrirla.
help-chromium = Chrome y Chromium en Linux
    .one = En este sitio, vaya a su cuenta, «Certificados», y descargue el archivo para cualquier dispositivo.
    .two = Abra «Configuración», «Privacidad y seguridad», «Seguridad», «Gestionar certificados» (o «Administrar certificados»), elija «Tus certificados» y haga clic en «Importar».
    .three = Elija el archivo descargado e introduzca la frase de contraseña.
    .check = Su certificado está en la lista «Tus certificados».
    .use = Abra la aplicación, elija su certificado en la lista y haga clic en «Aceptar».
    .fails = Un navegador de Snap o Flatpak tiene su propio almacén: importe el archivo en ese mismo navegador.
