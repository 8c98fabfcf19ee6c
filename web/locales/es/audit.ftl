## El registro de auditoría

settings-audit-log = Registro de auditoría
settings-audit-log-what = Quién hizo qué, y si sigue como se escribió.
audit-sound = Todas las anotaciones siguen como se escribieron. Hay { $n ->
    [one] { $n } anotación
   *[other] { $n } anotaciones
 }.
audit-sound-what = { $n ->
    [one] Se ha revisado la más reciente.
   *[other] Se han revisado las { $n } más recientes.
 } Quien administra el servidor puede revisarlas todas con sealpost audit verify.
audit-broken = La anotación { $n } { $what }.
audit-broken-what = Alguien cambió la base de datos. Avise a quien administra el servidor y deje todo como está: sealpost audit verify dice más.
audit-fault-missing = falta
audit-fault-changed = no es la que se escribió
audit-fault-order = no sigue a la anterior
audit-fault-added = se añadió al final
audit-fault-end = no es donde terminaba el registro
audit-entries = Qué ha pasado
audit-download = Descargar
audit-filters = Filtros
audit-who = Quién
audit-anybody = Cualquiera
audit-what = Qué
audit-anything = Cualquier cosa
audit-from = Desde
audit-to = Hasta
audit-about = Sobre
audit-about-hint = El identificador de un contacto, mensaje o enlace, como lo muestra el registro.
audit-clear = Quitar los filtros
audit-empty = Todavía no ha pasado nada.
audit-empty-filtered = No ha pasado nada así.
audit-by-staff = Un colega
audit-by-api_key = Una clave de API
audit-by-contact = Un contacto
audit-by-link_holder = Alguien con un enlace
audit-by-system = Sealpost

## Lo que se anota

audit-api_key-created = Se creó una clave de API
audit-audit-exported = Se descargó el registro de auditoría
audit-audit-viewed = Se consultó el registro de auditoría
audit-channel-changed = Se cambió la configuración de un canal
audit-channel-removed = Se quitó la configuración de un canal
audit-channel-test_failed = Falló la prueba de un canal
audit-channel-tested = Se probó un canal
audit-contact-created = Se añadió un contacto
audit-contact-erased = Se borró un contacto
audit-contact-opted_in = Un contacto volvió a pedir mensajes
audit-contact-opted_out = Un contacto pidió no recibir más mensajes
audit-contact-pin_removed = Se quitó el PIN de un contacto
audit-contact-pin_set = Se fijó el PIN de un contacto
audit-contact-unlocked = Se desbloqueó el PIN de un contacto
audit-contact-updated = Se cambió un contacto
audit-contact_field-created = Se añadió un campo de contacto
audit-contact_field-deleted = Se quitó un campo de contacto
audit-contact_field-updated = Se cambió un campo de contacto
audit-conversation-archived = Se archivó una conversación
audit-conversation-read = Se leyó una conversación
audit-conversation-unarchived = Se recuperó una conversación
audit-delivery-canceled = Se canceló un aviso
audit-delivery-failed = No se pudo entregar un aviso
audit-delivery-sent = Se envió un aviso
audit-inbound-held = Se retuvo un mensaje de un desconocido
audit-invitation-accepted = Se aceptó una invitación
audit-invitation-created = Se invitó a un colega
audit-invitation-resent = Se volvió a enviar una invitación
audit-invitation-withdrawn = Se retiró una invitación
audit-link-entered = Se entró por un enlace privado
audit-link-pin_failed = Se escribió un PIN equivocado
audit-link-pin_locked = Se bloqueó un enlace privado por PIN equivocados
audit-link-relink_refused = Se pidió un enlace nuevo y se denegó
audit-link-relinked = Se pidió un enlace nuevo y se envió
audit-link-resent = Se envió un enlace nuevo
audit-link-revoked = Se revocó un enlace privado
audit-link-unlocked = Se desbloqueó un enlace privado
audit-message-answered = Se envió una respuesta automática
audit-message-received = Llegó un mensaje
audit-message-sent = Se envió un mensaje
audit-organization-created = Se creó la consulta
audit-reads-missing = Lecturas que no se pudieron anotar: su número
audit-session-ended = Alguien cerró la sesión
audit-session-ended_remotely = Se cerró una sesión desde otro navegador
audit-session-left = Un paciente salió
audit-session-started = Alguien inició sesión
audit-settings-logo_changed = Se cambió el logotipo
audit-settings-logo_removed = Se quitó el logotipo
audit-settings-organization_changed = Se cambiaron los datos de la consulta
audit-settings-secure_messaging_changed = Se cambió la mensajería segura
audit-setup-dismissed = Se guardó la lista de la instalación
audit-setup-step_skipped = Se omitió un paso de la instalación
audit-staff_mail-failed = No se pudo entregar un correo a un colega
audit-staff_mail-sent = Se envió un correo a un colega
audit-user-created = Se creó una cuenta
audit-user-disabled = Se desactivó una cuenta
audit-user-email_changed = Se cambió el correo de una cuenta
audit-user-enabled = Se reactivó una cuenta
audit-user-password_changed = Se cambió una contraseña
audit-user-recovery_code_used = Se usó un código de recuperación
audit-user-renamed = Se cambió el nombre de una cuenta
audit-user-role_changed = Se cambió la función de una cuenta
audit-user-second_step_reset = Se desactivó el segundo paso de un colega
audit-user-second_step_turned_off = Se desactivó un segundo paso
audit-user-second_step_turned_on = Se activó un segundo paso
