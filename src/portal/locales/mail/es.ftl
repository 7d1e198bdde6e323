mail-reminder =
    Hola, { $name }:

    { $sentence }

    Certificado: { $certificate }
    Último día: { $end } (días restantes: { $left })
    { $url }

    Usuario: { $user }
mail-certificate-ending = Su certificado caduca pronto. Después de esa fecha, las aplicaciones que lo piden no se abrirán. Pida uno nuevo a su administrador.
    .subject = Su certificado caduca pronto
mail-certificate-followed = Su certificado caduca pronto y el nuevo está listo. Instálelo antes del último día: hasta entonces son válidos los dos.
    .subject = Su certificado caduca pronto: instale el nuevo
