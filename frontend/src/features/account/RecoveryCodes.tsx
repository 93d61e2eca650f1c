import { useRef, useState } from 'react';
import { useMe } from '@/access/useSession';
import { download } from '@/api/download';
import { t } from '@/locales/text';
import { Button } from '@/ui/Button';
import { copy } from '@/ui/copy';
import { useProductName } from '@/ui/productName';
import { StepTitle } from './StepTitle';

interface Properties {
  codes: readonly string[];
  onKept: () => void;
}

/** The one time that recovery codes are shown. */
export function RecoveryCodes({ codes, onKept }: Properties) {
  const { email } = useMe();
  const product = useProductName() ?? t('product.name');
  const list = useRef<HTMLOListElement>(null);
  const [said, setSaid] = useState('');

  async function copyCodes() {
    const isCopied = await copy(codes.join('\n'), list.current);
    setSaid(t(isCopied ? 'mfa.copiedCodes' : 'mfa.copyByHand'));
  }

  function save() {
    const lines = [t('mfa.fileTitle', { email, product }), '', ...codes, ''];
    download(new Blob([lines.join('\n')], { type: 'text/plain' }), 'recovery-codes.txt');
  }

  return (
    <div className="grid gap-4">
      <StepTitle title={t('mfa.codesTitle')}>{t('mfa.codesLead')}</StepTitle>
      <ol
        ref={list}
        className="grid max-w-md grid-cols-2 gap-x-6 gap-y-1.5 rounded-xl bg-sunken p-4 font-mono text-sm sm:text-base"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className="flex flex-wrap items-center gap-2">
        <Button onClick={() => void copyCodes()}>{t('mfa.copyCodes')}</Button>
        <Button onClick={save}>{t('mfa.download')}</Button>
        <Button variant="primary" onClick={onKept}>
          {t('mfa.kept')}
        </Button>
        <p role="status" className="text-sm text-muted">
          {said}
        </p>
      </div>
    </div>
  );
}
