import { type PointerEvent, useId, useState } from 'react';
import { formatCount, t } from '@/locales/text';
import { formatDay } from '@/locales/time';
import { describeDay, type SignInDay, scaleFor } from './signInDays';

const height = 100;
/** What a day takes of the width, and how much of that is its bar. */
const slot = 10;
const bar = 7;

/**
 * A bar for each day: who signed in below, who was refused on top of it, striped. Stretched to whatever room there is,
 * which is why nothing is written in it. The slider beneath looks at one day, by key, by touch or by pointing at the bars.
 */
export function SignInChart({ days }: { days: readonly SignInDay[] }) {
  const stripes = useId();
  const [chosen, setChosen] = useState(days.length - 1);
  const most = Math.max(...days.map(({ ok, refused }) => ok + refused));
  const scale = scaleFor(most);
  const width = days.length * slot;
  const day = days[chosen];

  function pointAt({ clientX, currentTarget }: PointerEvent<SVGSVGElement>) {
    const { left, width: shown } = currentTarget.getBoundingClientRect();
    const position = Math.floor(((clientX - left) / shown) * days.length);
    setChosen(Math.min(Math.max(position, 0), days.length - 1));
  }

  return (
    <figure>
      <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1">
        <div
          aria-hidden="true"
          className="flex flex-col justify-between text-right text-xs text-muted tabular-nums"
        >
          {[scale, scale / 2, 0].map((mark) => (
            <span key={mark} className="-my-2">
              {formatCount(mark)}
            </span>
          ))}
        </div>
        <svg
          role="img"
          aria-label={t('overview.chart', { days: days.length, most: formatCount(most) })}
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          className="h-44 w-full touch-pan-y overflow-visible"
          onPointerMove={pointAt}
          onPointerDown={pointAt}
        >
          <StripePattern id={stripes} />
          <rect x={chosen * slot} y={0} width={slot} height={height} className="fill-sunken" />
          {[0, height / 2, height].map((y) => (
            <line
              key={y}
              x1={0}
              x2={width}
              y1={y}
              y2={y}
              className="stroke-line"
              vectorEffect="non-scaling-stroke"
            />
          ))}
          {days.map(({ date, ok, refused }, position) => {
            const x = position * slot + (slot - bar) / 2;
            const okHeight = (ok / scale) * height;
            const refusedHeight = (refused / scale) * height;
            const top = height - okHeight - refusedHeight;
            return (
              <g key={date}>
                <rect x={x} y={height - okHeight} width={bar} height={okHeight} className="fill-accent" />
                <rect x={x} y={top} width={bar} height={refusedHeight} fill={`url(#${stripes})`} />
              </g>
            );
          })}
        </svg>
        <div aria-hidden="true" className="col-start-2 flex justify-between text-xs text-muted">
          <span>{formatDay(days[0]?.date ?? '')}</span>
          <span>{formatDay(days.at(-1)?.date ?? '')}</span>
        </div>
        <input
          type="range"
          min={0}
          max={days.length - 1}
          value={chosen}
          onChange={(event) => setChosen(Number(event.target.value))}
          aria-label={t('overview.day')}
          aria-valuetext={day && describeDay(day)}
          className="col-start-2 h-6 w-full accent-accent touch:h-11"
        />
      </div>
      <figcaption className="mt-2 flex flex-wrap items-center justify-between gap-x-6 gap-y-2 text-sm">
        <span className="font-medium tabular-nums">{day && describeDay(day)}</span>
        <Legend />
      </figcaption>
    </figure>
  );
}

function StripePattern({ id }: { id: string }) {
  return (
    <pattern id={id} width={4} height={4} patternUnits="userSpaceOnUse">
      <rect width={4} height={4} className="fill-danger" />
      <rect width={4} height={1.5} className="fill-surface" fillOpacity={0.55} />
    </pattern>
  );
}

function Legend() {
  const stripes = useId();
  return (
    <span className="flex gap-4 text-muted">
      <span className="flex items-center gap-2">
        <svg aria-hidden="true" viewBox="0 0 12 12" className="size-3">
          <rect width={12} height={12} className="fill-accent" />
        </svg>
        {t('overview.ok')}
      </span>
      <span className="flex items-center gap-2">
        <svg aria-hidden="true" viewBox="0 0 12 12" className="size-3">
          <StripePattern id={stripes} />
          <rect width={12} height={12} fill={`url(#${stripes})`} />
        </svg>
        {t('overview.refused')}
      </span>
    </span>
  );
}
