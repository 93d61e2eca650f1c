//! The tables, as `migrations/` makes them on both databases; the test `schema` fails when they differ.
#![allow(missing_docs)]

diesel::table! {
    users (id) {
        id -> Text,
        kind -> Text,
        email -> Text,
        email_normalized -> Text,
        username -> Nullable<Text>,
        username_normalized -> Nullable<Text>,
        display_name -> Nullable<Text>,
        display_name_folded -> Text,
        locale -> Nullable<Text>,
        search_text -> Text,
        password_hash -> Nullable<Text>,
        must_change_password -> Bool,
        active -> Bool,
        approved -> Bool,
        email_verified -> Bool,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        last_login_at -> Nullable<BigInt>,
        last_login_ip -> Nullable<Text>,
        current_login_at -> Nullable<BigInt>,
        current_login_ip -> Nullable<Text>,
        login_count -> BigInt,
        locked_until -> Nullable<BigInt>,
        username_sorted -> Text,
        last_login_sorted -> BigInt,
        mfa_enabled -> Bool,
    }
}

diesel::table! {
    row_counts (table_name) {
        table_name -> Text,
        row_count -> BigInt,
    }
}

diesel::table! {
    roles (id) {
        id -> Text,
        name -> Text,
        name_normalized -> Text,
        description -> Text,
        protected -> Bool,
        version -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        user_count -> BigInt,
        mfa_required -> Bool,
    }
}

diesel::table! {
    role_permissions (role_id, permission) {
        role_id -> Text,
        permission -> Text,
    }
}

diesel::table! {
    user_roles (user_id, role_id) {
        user_id -> Text,
        role_id -> Text,
    }
}

diesel::table! {
    totp_factors (user_id) {
        user_id -> Text,
        secret -> Text,
        created_at -> BigInt,
        confirmed_at -> Nullable<BigInt>,
        last_used_at -> Nullable<BigInt>,
        last_step -> BigInt,
    }
}

diesel::table! {
    passkeys (id) {
        id -> Text,
        user_id -> Text,
        credential_id -> Text,
        name -> Text,
        credential -> Text,
        sign_count -> BigInt,
        backed_up -> Bool,
        created_at -> BigInt,
        last_used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    passkey_ceremonies (token_hash) {
        token_hash -> Text,
        purpose -> Text,
        user_id -> Nullable<Text>,
        state -> Text,
        expires_at -> BigInt,
    }
}

diesel::table! {
    recovery_codes (user_id, label) {
        user_id -> Text,
        label -> Text,
        code_hash -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        user_id -> Text,
        created_at -> BigInt,
        last_used_at -> BigInt,
        expires_at -> BigInt,
        auth_time -> BigInt,
        remember -> Bool,
        mfa -> Bool,
        ip -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        ended_at -> Nullable<BigInt>,
        end_reason -> Nullable<Text>,
    }
}

diesel::table! {
    impersonations (session_id) {
        session_id -> Text,
        impersonator_id -> Text,
        impersonator_session_id -> Text,
    }
}

diesel::table! {
    refresh_tokens (token_hash) {
        token_hash -> Text,
        session_id -> Text,
        issued_at -> BigInt,
        replaced_at -> Nullable<BigInt>,
        successor_hash -> Nullable<Text>,
        successor_salt -> Nullable<Text>,
    }
}

diesel::table! {
    one_time_tokens (token_hash) {
        token_hash -> Text,
        purpose -> Text,
        user_id -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> BigInt,
        subject -> Nullable<Text>,
    }
}

diesel::table! {
    password_history (id) {
        id -> Text,
        user_id -> Text,
        password_hash -> Text,
        replaced_at -> BigInt,
    }
}

diesel::table! {
    signing_keys (kid) {
        kid -> Text,
        algorithm -> Text,
        state -> Text,
        private_key -> Text,
        public_key -> Text,
        created_at -> BigInt,
        retired_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    sealing_keys (id) {
        id -> Text,
        key -> Text,
        wrapped_by -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    link_requests (id) {
        id -> Text,
        purpose -> Text,
        email -> Text,
        ip -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        request_id -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    mail_outbox (id) {
        id -> Text,
        kind -> Text,
        recipient -> Text,
        content -> Text,
        created_at -> BigInt,
        attempts -> Integer,
        next_attempt_at -> BigInt,
        last_error -> Nullable<Text>,
        failed_at -> Nullable<BigInt>,
        expires_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    access_clock (id) {
        id -> Integer,
        value -> BigInt,
    }
}

diesel::table! {
    access_changes (seq, kind, subject) {
        seq -> BigInt,
        kind -> Text,
        subject -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    audit_events (seq) {
        seq -> BigInt,
        id -> Text,
        at -> BigInt,
        actor_id -> Nullable<Text>,
        actor_email -> Nullable<Text>,
        actor_kind -> Nullable<Text>,
        impersonator_id -> Nullable<Text>,
        impersonator_email -> Nullable<Text>,
        action -> Text,
        target_type -> Nullable<Text>,
        target_id -> Nullable<Text>,
        target_label -> Nullable<Text>,
        outcome -> Text,
        ip -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        request_id -> Nullable<Text>,
        changes -> Text,
        prev_hash -> Nullable<Text>,
        hash -> Nullable<Text>,
        session_id -> Nullable<Text>,
    }
}

diesel::table! {
    audit_links (position) {
        position -> BigInt,
        event_seq -> BigInt,
        event_id -> Text,
        prev_hash -> Text,
        hash -> Text,
    }
}

diesel::table! {
    audit_checkpoints (position) {
        position -> BigInt,
        at -> BigInt,
        public_key -> Text,
        statement -> Text,
    }
}

diesel::table! {
    audit_cuts (position, at) {
        position -> BigInt,
        at -> BigInt,
        hash -> Text,
        public_key -> Text,
        statement -> Text,
    }
}

diesel::table! {
    idempotency_keys (caller, key) {
        caller -> Text,
        key -> Text,
        fingerprint -> Text,
        status -> Integer,
        headers -> Text,
        body -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    attempts (bucket) {
        bucket -> Text,
        failures -> BigInt,
        pending -> BigInt,
        pending_until -> BigInt,
        forget_at -> BigInt,
        blocked_until -> BigInt,
        reported_at -> BigInt,
    }
}

diesel::table! {
    devices (id) {
        id -> Text,
        user_id -> Text,
        token_hash -> Text,
        created_at -> BigInt,
        last_used_at -> BigInt,
        ip -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        trusted_until -> Nullable<BigInt>,
    }
}

diesel::table! {
    sign_in_days (day) {
        day -> BigInt,
        ok -> BigInt,
        refused -> BigInt,
    }
}

diesel::table! {
    api_keys (id) {
        id -> Text,
        user_id -> Text,
        name -> Text,
        prefix -> Text,
        key_hash -> Text,
        permissions -> Nullable<Text>,
        allowed_networks -> Text,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        last_used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    identities (id) {
        id -> Text,
        user_id -> Text,
        provider -> Text,
        issuer -> Text,
        subject -> Text,
        email -> Nullable<Text>,
        created_at -> BigInt,
        last_used_at -> BigInt,
    }
}

diesel::table! {
    oidc_requests (state_hash) {
        state_hash -> Text,
        browser_hash -> Text,
        provider -> Text,
        next -> Text,
        user_id -> Nullable<Text>,
        session_id -> Nullable<Text>,
        expires_at -> BigInt,
    }
}

diesel::joinable!(user_roles -> users (user_id));
diesel::joinable!(user_roles -> roles (role_id));
diesel::joinable!(role_permissions -> roles (role_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(impersonations -> users (impersonator_id));
diesel::joinable!(refresh_tokens -> sessions (session_id));
diesel::joinable!(one_time_tokens -> users (user_id));

diesel::allow_tables_to_appear_in_same_query!(
    users,
    roles,
    role_permissions,
    user_roles,
    sessions,
    impersonations,
    refresh_tokens,
    one_time_tokens,
    row_counts,
);
diesel::allow_tables_to_appear_in_same_query!(audit_events, audit_links);
