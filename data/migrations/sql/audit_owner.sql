-- After every migration: the audit belongs to the role that migrates, and the application's role may read it and add to
-- it, no more. Where one role does both, nothing can be kept from it.
do $$
declare
  application constant text := current_user;
begin
  if application = session_user then
    return;
  end if;
  set local role none;
  execute format('alter table audit_log owner to %I', session_user);
  execute format('alter function audit_log_is_append_only() owner to %I', session_user);
  execute format('revoke all on audit_log from %I', application);
  execute format('grant select, insert on audit_log to %I', application);
end $$;
