using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Quorate.Cli.Demo;

/// <summary>What all hosts and guards of the demo log, in one file: the screen is for people.</summary>
internal sealed class DemoLog : ILoggerProvider
{
    private const int TailMax = 200;

    private readonly Queue<string> _tail = new();
    private readonly Lock _gate = new();
    private readonly StreamWriter _file;
    private bool _isClosed;

    public DemoLog(string file) => _file = new StreamWriter(file, append: true) { AutoFlush = true };

    /// <summary>One line; dropped after the end.</summary>
    public void Write(string source, string text)
    {
        string time = DateTime.UtcNow.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        lock (_gate)
        {
            if (!_isClosed)
            {
                string line = $"{time} {source}: {text}";
                _file.WriteLine(line);
                _tail.Enqueue(line);
                if (_tail.Count > TailMax)
                {
                    _tail.Dequeue();
                }
            }
        }
    }

    /// <summary>The last lines.</summary>
    public IReadOnlyList<string> Tail(int count)
    {
        lock (_gate)
        {
            return [.. _tail.TakeLast(count)];
        }
    }

    /// <summary>A logger of one host, so that three executors can be told apart.</summary>
    public ILoggerProvider For(string host) => new HostLog(this, host);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            _file.Dispose();
        }
    }

    private sealed class HostLog(DemoLog log, string host) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new Category(log, $"{host} {categoryName}");

        public void Dispose()
        {
        }
    }

    private sealed class Category(DemoLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            string failure = exception is null ? "" : $" {exception}";
            log.Write($"{logLevel.ToString().ToLowerInvariant()} {name}[{eventId.Id}]", formatter(state, exception) + failure);
        }
    }
}
