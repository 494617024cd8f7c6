using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Quorate.Tests.Integration.Scheduler;

/// <summary>What a host logged, by event number.</summary>
internal sealed class LogBook : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(int Number, LogLevel Level, string Text)> _lines = new();

    /// <summary>The texts logged under a number.</summary>
    public IReadOnlyList<string> Logged(int number) => [.. _lines.Where(line => line.Number == number).Select(line => line.Text)];

    /// <summary>What was logged at a level or above, for a test's failure message.</summary>
    public IReadOnlyList<string> From(LogLevel level) => [.. _lines.Where(line => line.Level >= level).Select(line => $"{line.Number} {line.Text}")];

    /// <summary>Ours alone: the numbers of other libraries are not those of our catalogue.</summary>
    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith("Quorate.", StringComparison.Ordinal) ? this : NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((eventId.Id, logLevel, formatter(state, exception)));

    public void Dispose()
    {
        // Holds nothing but lines.
    }
}
