"""Messages of the cabinet to its users: an inbox, mails, SMS («уведомления»)."""
