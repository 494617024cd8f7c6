using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Quorate.Contracts;
using Quorate.Executor.Core.Agents;
using Quorate.Executor.Core.Guarding;

namespace Quorate.Executor.Service.Guard;

/// <summary>
/// The executor's side of the guard protocol over two streams. Safe for many callers at once. When the guard goes, every pending
/// call fails with <see cref="IOException"/> and <see cref="Disconnected"/> is raised: an executor without a guard exits at once.
/// A line that the guard could not read, not even its id, counts as that too: nobody knows which call it was.
/// </summary>
public sealed class GuardClient : IAsyncDisposable
{
    private const int SendQueueMax = 1024;

    private static readonly TimeSpan ReadingEndsWithin = TimeSpan.FromSeconds(1);

    private readonly Stream _fromGuard;
    private readonly Stream _toGuard;
    private readonly Channel<byte[]> _sending = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(SendQueueMax) { SingleReader = true });
    private readonly ConcurrentDictionary<long, TaskCompletionSource<GuardReport>> _pending = new();
    private readonly TaskCompletionSource<GuardHello> _firstHello = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private Task _reading = Task.CompletedTask;
    private Task _writing = Task.CompletedTask;
    private TaskCompletionSource<GuardReport.Ended>? _ending;
    private GuardReport.Ended? _lastEnded;
    private GuardReport.Hello? _greeting;
    private ImmutableArray<JournalEntry>.Builder _journal = ImmutableArray.CreateBuilder<JournalEntry>();
    private Exception? _failure;
    private long _lastId;

    /// <param name="fromGuard">The guard's lines: an executor's standard input, or a started guard's standard output.</param>
    /// <param name="toGuard">Our lines: an executor's standard output, or a started guard's standard input.</param>
    public GuardClient(Stream fromGuard, Stream toGuard)
    {
        _fromGuard = fromGuard;
        _toGuard = toGuard;
    }

    /// <summary>Raised for each hello, the first included; a later one is a new incarnation of the same guard (serve mode). Raised on the reading task: return quickly.</summary>
    public event Action<GuardHello>? HelloReceived;

    /// <summary>The incarnation is over; from here on all requests are refused and what ran is being stopped.</summary>
    public event Action<GuardReport.Ending>? Ending;

    /// <summary>A round of stopping proved not everything; the guard goes on, or escalates.</summary>
    public event Action<GuardReport.Unproven>? Unproven;

    /// <summary>The incarnation ended, all its services proven stopped.</summary>
    public event Action<GuardReport.Ended>? Ended;

    /// <summary>The guard is gone, raised once; null after an orderly end of the stream.</summary>
    public event Action<Exception?>? Disconnected;

    /// <summary>The newest hello's incarnation; what requests are sent for.</summary>
    /// <exception cref="InvalidOperationException">Before the first hello.</exception>
    public Incarnation Incarnation =>
        Volatile.Read(ref _greeting)?.Incarnation ?? throw new InvalidOperationException("the guard has not said hello yet");

    /// <summary>Begins to read and write, and waits for the first hello: as long as the guard needs to prove an earlier incarnation ended.</summary>
    /// <exception cref="IOException">The guard went away first.</exception>
    public async Task<GuardHello> StartAsync(CancellationToken cancellation)
    {
        _writing = WriteLinesAsync();
        _reading = ReadLinesAsync();
        return await _firstHello.Task.WaitAsync(cancellation);
    }

    /// <summary>Journals the beginning of an operation; when it returns, it is on disk.</summary>
    /// <param name="begin">Its id and incarnation are overwritten.</param>
    /// <exception cref="GuardRefusedException">See <see cref="GuardRequest.Begin"/>.</exception>
    public Task BeginAsync(GuardRequest.Begin begin, CancellationToken cancellation) =>
        AskAsync(id => begin with { Id = id, Incarnation = Incarnation }, cancellation);

    /// <summary>Journals the end of an operation; when it returns, it is on disk.</summary>
    /// <param name="finish">Its id and incarnation are overwritten.</param>
    /// <exception cref="GuardRefusedException">That operation is not the one begun.</exception>
    public Task FinishAsync(GuardRequest.Finish finish, CancellationToken cancellation) =>
        AskAsync(id => finish with { Id = id, Incarnation = Incarnation }, cancellation);

    /// <summary>
    /// Runs one agent in the service's cgroup. A cancelled token has the run killed; the call then returns its result
    /// (<see cref="AgentEnd.Cancelled"/>) once that is done, so that nothing of it is left when the caller goes on.
    /// </summary>
    /// <exception cref="GuardRefusedException">See <see cref="GuardRequest.Run"/>.</exception>
    public async Task<AgentResult> RunAsync(ServiceName service, AgentInvocation invocation, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        long id = Interlocked.Increment(ref _lastId);
        Task<GuardReport> answer = Expect(id);
        await SendAsync(new GuardRequest.Run { Id = id, Incarnation = Incarnation, Service = service, Invocation = invocation }, id);
        await using CancellationTokenRegistration registration = cancellation.Register(() => TrySend(new GuardRequest.Cancel { Id = id, Incarnation = Incarnation }));
        return await answer switch
        {
            GuardReport.Ran ran => ran.Result,
            GuardReport.Refused refused => throw new GuardRefusedException(refused.Reason),
            GuardReport other => throw new InvalidDataException($"the guard answered a run by {other.GetType().Name}"),
        };
    }

    /// <summary>Moves the lease's deadline forward. Never waits: a guard that reads nothing for 1024 lines is given up as gone.</summary>
    /// <param name="deadlineMilliseconds">Milliseconds on CLOCK_BOOTTIME.</param>
    public void SetLease(long deadlineMilliseconds) =>
        TrySend(new GuardRequest.Lease { Incarnation = Incarnation, DeadlineMilliseconds = deadlineMilliseconds });

    /// <summary>Has the guard do this from now on when the lease runs out; when it returns, it does, and it is on disk.</summary>
    /// <param name="incarnation">For which this was announced; the next one has announced nothing yet.</param>
    /// <param name="onLeaseLoss">What to do.</param>
    /// <param name="cancellation">Ends the wait; it may be done all the same.</param>
    /// <exception cref="GuardRefusedException">See <see cref="GuardRequest.SetOnLeaseLoss"/>.</exception>
    public Task SetOnLeaseLossAsync(Incarnation incarnation, OnLeaseLoss onLeaseLoss, CancellationToken cancellation) =>
        AskAsync(id => new GuardRequest.SetOnLeaseLoss { Id = id, Incarnation = incarnation, OnLeaseLoss = onLeaseLoss }, cancellation);

    /// <summary>Has everything stopped and proven; the guard then goes on as a new incarnation (a new hello, or a new executor).</summary>
    public Task<GuardReport.Ended> EndIncarnationAsync(string reason, CancellationToken cancellation) =>
        EndAsync(id => new GuardRequest.End { Id = id, Incarnation = Incarnation, Reason = reason }, cancellation);

    /// <summary>Has everything stopped and proven; the guard then waits a bounded time for this side to close, and exits.</summary>
    public Task<GuardReport.Ended> LeaveAsync(string reason, CancellationToken cancellation) =>
        EndAsync(id => new GuardRequest.Leave { Id = id, Incarnation = Incarnation, Reason = reason }, cancellation);

    /// <summary>Closes both streams: to a guard in serve mode that is the executor's death.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _sending.Writer.TryComplete();
        await _toGuard.DisposeAsync();
        await _fromGuard.DisposeAsync();

        // A read of a pipe cannot be cancelled: the process must be able to exit while its guard keeps the line open.
        await Task.WhenAny(Task.WhenAll(_reading, _writing), Task.Delay(ReadingEndsWithin));
        _closing.Dispose();
    }

    private async Task<GuardReport.Ended> EndAsync(Func<long, GuardRequest> make, CancellationToken cancellation)
    {
        long id = Interlocked.Increment(ref _lastId);
        GuardRequest request = make(id);
        Task<GuardReport> refusal = Expect(id);
        TaskCompletionSource<GuardReport.Ended> ended;
        lock (_gate)
        {
            ThrowIfGone();
            ended = _ending ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        try
        {
            await SendAsync(request, id);
            if (await Task.WhenAny(ended.Task, refusal).WaitAsync(cancellation) != refusal)
            {
                return await ended.Task;
            }

            // Refused: that incarnation has ended meanwhile, which is what was asked for, or the guard cannot do it.
            string reason = await refusal is GuardReport.Refused refused ? refused.Reason : "the guard answered an end by something else";
            lock (_gate)
            {
                return _lastEnded is { } last && last.Incarnation == request.Incarnation ? last : throw new GuardRefusedException(reason);
            }
        }
        finally
        {
            _pending.TryRemove(id, out _);
        }
    }

    private async Task AskAsync(Func<long, GuardRequest> request, CancellationToken cancellation)
    {
        long id = Interlocked.Increment(ref _lastId);
        Task<GuardReport> answer = Expect(id);
        await SendAsync(request(id), id);
        if (await answer.WaitAsync(cancellation) is GuardReport.Refused refused)
        {
            throw new GuardRefusedException(refused.Reason);
        }
    }

    private Task<GuardReport> Expect(long id)
    {
        TaskCompletionSource<GuardReport> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ThrowIfGone();
            _pending[id] = answer;
        }

        return answer.Task;
    }

    private void ThrowIfGone()
    {
        if (_failure is { } failure)
        {
            throw new IOException("the guard is gone", failure);
        }
    }

    private async Task SendAsync(GuardRequest request, long id)
    {
        try
        {
            await _sending.Writer.WriteAsync(GuardLine.Write(request), _closing.Token);
        }
        catch (Exception failure) when (failure is ChannelClosedException or OperationCanceledException or InvalidOperationException)
        {
            _pending.TryRemove(id, out _);
            throw failure is InvalidOperationException and not ChannelClosedException
                ? new GuardRefusedException(failure.Message, failure)
                : new IOException("the guard is gone", failure);
        }
    }

    private void TrySend(GuardRequest request)
    {
        if (!_sending.Writer.TryWrite(GuardLine.Write(request)))
        {
            Fail(new IOException($"the guard reads nothing: {SendQueueMax} lines wait"));
        }
    }

    private async Task WriteLinesAsync()
    {
        try
        {
            await foreach (byte[] line in _sending.Reader.ReadAllAsync(_closing.Token))
            {
                await _toGuard.WriteAsync(line, _closing.Token);
                await _toGuard.FlushAsync(_closing.Token);
            }
        }
        // A pipe that was completed by DisposeAsync under a write says InvalidOperationException.
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or OperationCanceledException
            || (failure is InvalidOperationException && _closing.IsCancellationRequested))
        {
            Fail(failure);
        }
    }

    private async Task ReadLinesAsync()
    {
        try
        {
            GuardLineReader lines = new(_fromGuard);
            while (await lines.ReadAsync(_closing.Token) is { } line)
            {
                Take(GuardLine.ReadReport(line.Span, out string problem) ?? throw new InvalidDataException($"unreadable line of the guard: {problem}"));
            }

            Fail(failure: null);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or ObjectDisposedException or OperationCanceledException)
        {
            Fail(failure);
        }
    }

    private void Take(GuardReport report)
    {
        switch (report)
        {
            case GuardReport.Hello hello:
                TakeHello(hello);
                break;
            case GuardReport.Entry entry:
                _journal.Add(entry.Journal);
                CompleteHello();
                break;
            case GuardReport.Done done:
                Complete(done.Id, done);
                break;
            case GuardReport.Ran ran:
                Complete(ran.Id, ran);
                break;
            case GuardReport.Refused { Id: 0 } refused:
                throw new InvalidDataException($"the guard could not read a line of ours: {refused.Reason}");
            case GuardReport.Refused refused:
                Complete(refused.Id, refused);
                break;
            case GuardReport.Ending ending:
                Ending?.Invoke(ending);
                break;
            case GuardReport.Unproven unproven:
                Unproven?.Invoke(unproven);
                break;
            case GuardReport.Ended ended:
                TakeEnded(ended);
                break;
            default:
                throw new InvalidDataException($"unexpected line of the guard: {report.GetType().Name}");
        }
    }

    private void TakeHello(GuardReport.Hello hello)
    {
        if (hello.Protocol != GuardLine.ProtocolVersion)
        {
            throw new InvalidDataException($"the guard speaks protocol {hello.Protocol}, this executor {GuardLine.ProtocolVersion}: install both from one release");
        }

        Volatile.Write(ref _greeting, hello);
        _journal = ImmutableArray.CreateBuilder<JournalEntry>();
        CompleteHello();
    }

    private void CompleteHello()
    {
        if (_greeting is not { } greeting || _journal.Count != greeting.Entries)
        {
            return;
        }

        GuardHello hello = new(greeting, _journal.ToImmutable());
        _firstHello.TrySetResult(hello);
        HelloReceived?.Invoke(hello);
    }

    private void TakeEnded(GuardReport.Ended ended)
    {
        TaskCompletionSource<GuardReport.Ended>? waiting;
        lock (_gate)
        {
            _lastEnded = ended;
            waiting = _ending;
            _ending = null;
        }

        Ended?.Invoke(ended);
        waiting?.TrySetResult(ended);
    }

    private void Complete(long id, GuardReport answer)
    {
        if (_pending.TryRemove(id, out TaskCompletionSource<GuardReport>? waiting))
        {
            waiting.TrySetResult(answer);
        }
    }

    private void Fail(Exception? failure)
    {
        IOException gone = new("the guard is gone", failure);
        TaskCompletionSource<GuardReport.Ended>? ending;
        lock (_gate)
        {
            if (_failure is not null)
            {
                return;
            }

            _failure = gone;
            ending = _ending;
        }

        _sending.Writer.TryComplete();
        _firstHello.TrySetException(gone);
        ending?.TrySetException(gone);
        foreach (long id in _pending.Keys)
        {
            if (_pending.TryRemove(id, out TaskCompletionSource<GuardReport>? waiting))
            {
                waiting.TrySetException(gone);
            }
        }

        Disconnected?.Invoke(failure);
    }
}
