import { apiOrigin } from '@/api/origin';
import { useConfig } from '@/api/useConfig';
import { t } from '@/locales/text';
import { buttonLook } from '@/ui/buttonLook';
import { nextAddress } from '@/ui/location';
import { PublicLink } from '@/ui/PublicLink';

/** How one can sign in besides with a password, where the server knows other ways. */
export function OtherWays() {
  const config = useConfig();
  const providers = config?.oidc_providers ?? [];
  const hasLinks = config?.sign_in_methods.includes('magic_link');
  if (providers.length === 0 && !hasLinks) return null;
  const next = encodeURIComponent(nextAddress());
  return (
    <div className="mt-6 grid gap-3 border-line border-t pt-6">
      {providers.map(({ name, label }) => (
        // A link and no request: the browser itself has to go there.
        <a
          key={name}
          href={`${apiOrigin}/api/v1/auth/oidc/${name}/start?next=${next}`}
          className={`${buttonLook({})} min-w-0`}
        >
          <span className="truncate">{t('auth.signInWith', { provider: label })}</span>
        </a>
      ))}
      {hasLinks && (
        <p className="text-sm">
          <PublicLink to="/ask-for-link">{t('auth.magicLinkLink')}</PublicLink>
        </p>
      )}
    </div>
  );
}
