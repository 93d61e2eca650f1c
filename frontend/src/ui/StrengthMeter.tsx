interface Properties {
  label: string;
  /** From 0 to 4. */
  score: number;
  /** The least that is enough. */
  needed: number;
  /** The same in words, for whoever sees no colours or nothing at all. */
  text: string;
}

/** How much of something there is, of four. */
export function StrengthMeter({ label, score, needed, text }: Properties) {
  const border = needed - 0.5;
  return (
    <meter
      aria-label={label}
      aria-valuetext={text}
      min={0}
      max={4}
      low={border}
      high={border}
      optimum={4}
      value={score}
      className="strength-meter"
    />
  );
}
