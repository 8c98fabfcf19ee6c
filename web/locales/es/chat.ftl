# La aplicación para pacientes.

page-title = Mensaje privado
private-from = Mensaje privado de { $sender }
only-you = Solo usted y { $organization } pueden ver esta conversación.
emergency = No es para emergencias. En una emergencia llame al 911.
language = Idioma
the-practice = consultorio
loading = Cargando

gate-title = Tiene un mensaje privado
gate-text = Lo envió { $organization }. Ábralo aquí, en un dispositivo de su confianza.
open-message = Abrir mi mensaje
questions = ¿Preguntas? Llame al { $phone }.

pin-title = Escriba su PIN
pin-text = { $organization } le dio este PIN. Protege su mensaje.
pin-label = PIN
pin-show = Mostrar el PIN
pin-hide = Ocultar el PIN
pin-empty = Primero escriba su PIN.
pin-incorrect = { $tries ->
    [0] Ese PIN no es correcto.
    [one] Ese PIN no es correcto. Le queda { $tries } intento.
   *[other] Ese PIN no es correcto. Le quedan { $tries } intentos.
 }
pin-forgotten = ¿No sabe su PIN? Llame al { $phone }.
locked-title = Demasiados intentos
locked-text = Para proteger su privacidad, lo pausamos hasta: { $time }. También puede llamar al { $phone }.
disabled-title = Este enlace está desactivado
disabled-text = Hubo demasiados PIN incorrectos. Para proteger su privacidad, desactivamos este enlace.
disabled-call = Para proteger su privacidad, este enlace no se puede abrir ahora. Llame al { $phone } y le ayudaremos.

expired-title = Este enlace caducó
expired-text = Para proteger sus mensajes, los enlaces dejan de funcionar después de un tiempo.
expired-24-hours = Para proteger sus mensajes, los enlaces dejan de funcionar después de 24 horas.
expired-10-days = Para proteger sus mensajes, los enlaces dejan de funcionar después de 10 días.
expired-6-months = Para proteger sus mensajes, los enlaces dejan de funcionar después de 6 meses.
expired-1-year = Para proteger sus mensajes, los enlaces dejan de funcionar después de 1 año.
offer-sms = Podemos enviarle uno nuevo al teléfono que termina en { $hint }.
offer-sms-hidden = Podemos enviarle uno nuevo al teléfono que tenemos de usted.
offer-email = Podemos enviarle uno nuevo a { $hint }.
offer-email-hidden = Podemos enviarle uno nuevo al correo que tenemos de usted.
offer-none = Llame al { $phone } para recibir uno nuevo.
send-new-link = Enviarme un enlace nuevo
changed-sms = ¿Cambió su número? Llame al { $phone }.
changed-email = ¿Cambió su correo? Llame al { $phone }.
sent-title = El enlace nuevo va en camino
sent-sms = Llegará al teléfono que termina en { $hint }.
sent-sms-hidden = Llegará al teléfono que tenemos de usted.
sent-email = Llegará a { $hint }.
sent-email-hidden = Llegará al correo que tenemos de usted.
sent-wait = ¿No llega en unos minutos? Llame al { $phone }.
send-again = Enviar otra vez
send-again-in = Enviar otra vez (en { $seconds } s)

not-available-title = Este enlace no funciona
not-available-text = Revise que abrió el enlace completo o llame al consultorio.

over-title = Cerramos su sesión
over-text = Cerramos su sesión para proteger sus mensajes. Abra el enlace otra vez para continuar.
over-kept = Lo que escribió sigue aquí.
over-return = Abrir mi mensaje otra vez
replaced-title = Hay otra conversación abierta
replaced-text = Abrió otro enlace en este navegador. Cerramos esta página para que las dos no se mezclen.
replaced-link = Abra otra vez el enlace de esta conversación para volver.
replaced-return = Volver a esta conversación
left-title = Salió de la conversación
left-text = Para volver, abra otra vez el enlace de su mensaje de texto o correo.
left-offline = No tiene conexión y no pudimos avisar al consultorio. Su visita termina sola en unos minutos.
trouble-title = No pudimos abrir su mensaje

private = Privado
leave = Salir
leave-title = ¿Salir sin enviar?
leave-text = Escribió algo y no lo envió. Se borrará.
leave-stay = Regresar
leave-anyway = Salir
conversation = Conversación
staff = Personal
automatic = Mensaje automático
you = Usted
show-earlier = Ver mensajes anteriores
jump-new = Mensaje nuevo
no-messages = Todavía no hay mensajes.
new-message-from = Mensaje nuevo de { $sender }: { $body }
message-sent = Enviado.
status-sending = Enviando
status-sent = Enviado
status-seen = Visto
status-failed = No enviado
failed-offline = No se envió. No tiene conexión.
failed-signed-out = No se envió. Se cerró su sesión antes.
failed-because = No se envió. { $reason }
too-many-replies = Ha escrito mucho en poco tiempo. El mensaje queda aquí: inténtelo de nuevo más tarde.
retry = Reintentar
write-reply = Escriba una respuesta
send = Enviar
too-long = { $over ->
    [one] { $over } carácter de más.
   *[other] { $over } caracteres de más.
 }
characters-left = { $left ->
    [one] Queda { $left } carácter.
   *[other] Quedan { $left } caracteres.
 }
no-replies = Aquí no se puede responder. Para responder, llame al { $phone }.
offline-here = No tiene conexión. Lo que escriba se queda aquí. Lo enviaremos cuando vuelva.
print-note = Impreso de una conversación privada.

idle-title = ¿Sigue ahí?
idle-text = Para proteger sus mensajes, cerraremos su sesión en { $time }.
idle-stay = Seguir conectado
