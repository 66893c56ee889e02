#!/bin/sh
# The account that Peerage logs in with, under the password that both were given.
set -eu
umask 077
printf '[peerage]\nsecret = %s\nread =\nwrite = system,command\n' "$AMI_PASSWORD" > /etc/asterisk/manager_users.conf
unset AMI_PASSWORD
exec asterisk -f
