import { lazy, Suspense } from 'react';
import { useSession } from '@/access/useSession';
import { usePath } from '@/ui/location';
import { ProductName } from '@/ui/productName';
import { Splash } from '@/ui/Splash';
import { isLinked, PublicScreens } from './public/PublicScreens';
import { Unavailable } from './Unavailable';
import { useConfiguredName } from './useConfiguredName';

const SignedInApp = lazy(() => import('./signed-in/SignedInApp'));

export function App() {
  return (
    <ProductName value={useConfiguredName()}>
      <World />
    </ProductName>
  );
}

/**
 * Two worlds: the few screens for strangers, which must be light, and everything else, which exists only
 * while somebody is signed in. Signing out drops the second with all the data that it held.
 */
function World() {
  const session = useSession();
  const path = usePath();
  switch (session.status) {
    case 'starting':
      return <Splash />;
    case 'unavailable':
      return <Unavailable />;
    case 'signed_out':
      return <PublicScreens />;
    case 'signed_in':
      return isLinked(path) ? (
        <PublicScreens />
      ) : (
        <Suspense fallback={<Splash />}>
          <SignedInApp />
        </Suspense>
      );
  }
}
