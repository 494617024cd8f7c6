using MassTransit;
using MassTransit.RetryPolicies;
using Quorate.Hosting.Database;

namespace Quorate.Hosting.Bus;

/// <summary>
/// How a message is tried again while its endpoint holds it. A conflict with another transaction: <see cref="ConflictsMax"/> times. A
/// database that is away says nothing about the message: it is held until the database is back, and since no more than the prefetch is
/// held, the rest waits at the broker. Every other failure is the message's own and goes to the error queue at once.
/// </summary>
/// <remarks>
/// Held, not returned: each return counts against the queue's delivery limit, and would make poison of what an outage delayed.
/// </remarks>
internal sealed class DeliveryRetry : IRetryPolicy
{
    /// <summary>How often a conflict is tried again.</summary>
    public const int ConflictsMax = 10;

    private static readonly TimeSpan ConflictPauseMin = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ConflictPauseMax = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between two looks at a database that is away; with it the work begins again that soon.</summary>
    private static readonly TimeSpan OutagePauseMax = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan OutagePauseMin = TimeSpan.FromMilliseconds(250);

    public void Probe(ProbeContext context) => context.CreateScope("deliveryRetry");

    public bool IsHandled(Exception exception) => DatabaseOutage.Is(exception) || Conflicts.IsConflict(exception);

    RetryPolicyContext<T> IRetryPolicy.CreatePolicyContext<T>(T context) => new First<T>(this, context);

    /// <summary>The pause before the next try; null when there is none.</summary>
    /// <param name="failure">What the last one ended with.</param>
    /// <param name="conflicts">Conflicts so far, this one included.</param>
    /// <param name="outages">Outages in a row so far, this one included.</param>
    internal static TimeSpan? PauseAfter(Exception failure, int conflicts, int outages) =>
        DatabaseOutage.Is(failure) ? Doubled(OutagePauseMin, outages, OutagePauseMax)
        : Conflicts.IsConflict(failure) && conflicts <= ConflictsMax ? Doubled(ConflictPauseMin, conflicts, ConflictPauseMax)
        : null;

    private static TimeSpan Doubled(TimeSpan first, int times, TimeSpan most)
    {
        const int DoublingsMax = 16;
        TimeSpan pause = first * Math.Pow(2, Math.Clamp(times - 1, 0, DoublingsMax));
        return pause < most ? pause : most;
    }

    private sealed class First<T>(IRetryPolicy policy, T context) : BaseRetryPolicyContext<T>(policy, context)
        where T : class, PipeContext
    {
        protected override RetryContext<T> CreateRetryContext(Exception exception, CancellationToken cancellationToken) =>
            Next<T>.After(Context, exception, retries: 0, conflicts: 0, outages: 0, cancellationToken);
    }

    private sealed class Next<T> : BaseRetryContext<T>, RetryContext<T> where T : class, PipeContext
    {
        private readonly int _conflicts;
        private readonly int _outages;

        private Next(T context, Exception failure, int retries, int conflicts, int outages, CancellationToken cancellationToken)
            : base(context, failure, retries, cancellationToken)
        {
            _conflicts = conflicts;
            _outages = outages;
            Delay = PauseAfter(failure, conflicts, outages);
        }

        public override TimeSpan? Delay { get; }

        public static Next<T> After(
            T context, Exception failure, int retries, int conflicts, int outages, CancellationToken cancellationToken)
        {
            bool isOutage = DatabaseOutage.Is(failure);
            return new Next<T>(
                context, failure, retries, isOutage ? conflicts : conflicts + 1, isOutage ? outages + 1 : 0, cancellationToken);
        }

        public bool CanRetry(Exception exception, out RetryContext<T> retryContext)
        {
            Next<T> next = After(Context, exception, RetryCount + 1, _conflicts, _outages, CancellationToken);
            retryContext = next;
            return next.Delay is not null && !CancellationToken.IsCancellationRequested;
        }
    }
}
