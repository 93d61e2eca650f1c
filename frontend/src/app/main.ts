import './style.css';
import { wasSignedIn } from '@/access/hint';
import { startSession } from '@/access/session';
import { applyTheme } from '@/ui/theme';

// First of all the session's request: the code that draws arrives while the server answers.
void startSession();
applyTheme();
void import('./mount').then(({ mount }) => mount());
if (wasSignedIn()) void import('./signed-in/SignedInApp');
