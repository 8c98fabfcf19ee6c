# Las palabras de los ajustes: frases cortas, verbos primero, sin códigos.

settings-pages = Páginas de los ajustes
settings-back = Volver a los ajustes
settings-read-only = Puede mirar estos ajustes. Solo un administrador puede cambiarlos.
settings-secure-messaging = Mensajes seguros
settings-secure-messaging-what = Envíe un enlace privado en lugar del mensaje mismo.
settings-practice = Consultorio
settings-practice-what = Lo que sus clientes ven de ustedes: logotipo, color, teléfono y horario.
settings-contact-fields = Campos de los contactos
settings-contact-fields-what = Lo que guarda de cada persona además de nombre, teléfono y correo.
